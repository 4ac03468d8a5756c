# The results of ./run_services, SERVICE|CASE|COLUMN|ok or FAIL|why, as a table.
BEGIN { columns = split("python>|>python|js>|>js|go>|>go", column, "|") }
{
    key = $1 SUBSEP $2
    if (!(key in known)) { known[key] = 1; rows[$1] = rows[$1] "|" $2 }
    if (cell[key, $3] != "FAIL") cell[key, $3] = $4
}
END {
    printf "\n%-46s", "case"
    for (c = 1; c <= columns; ++c) printf "%8s", column[c]
    print ""
    split("echo|game|ops", service, "|")
    for (s = 1; s <= 3; ++s) {
        name = service[s]
        n = split(substr(rows[name], 2), row, "|")
        for (r = 1; r <= n; ++r) {
            printf "%-46s", name " " row[r]
            for (c = 1; c <= columns; ++c) {
                outcome = cell[name, row[r], column[c]]
                printf "%8s", outcome == "" ? "-" : outcome
            }
            print ""
        }
    }
    print "\nX>: a stock client in X calls our server; >X: our client calls a stock server in X"
}
