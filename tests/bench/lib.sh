# What bench scripts measure and print with. Sourced by them, outside labs and in them: . "$LIB". They have $tmp.

# took COMMAND...: the seconds it takes; its output is in $tmp/out.
took() {
	took_start=$(date +%s%N)
	"$@" >"$tmp/out" 2>&1
	echo "$took_start $(date +%s%N)" | awk '{ printf "%.3f\n", ($2 - $1) / 1e9 }'
}

# cpu COMMAND...: the seconds that it computes, in the kernel and outside; its output is in $tmp/out.
cpu() {
	(
		"$@" >"$tmp/out" 2>&1
		times
	) | awk 'NR == 2 { split($1 "m" $2, t, "m"); print t[1] * 60 + t[2] + t[3] * 60 + t[4] }'
}

# median FILE WHO: of the numbers that stand behind WHO in the lines of a file.
median() {
	awk -v who="$2" '$1 == who { print $2 }' "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# over A B: their ratio.
over() {
	awk -v a="$1" -v b="$2" 'BEGIN { print (b > 0 ? a / b : 0) }'
}

# goal TEXT RATIO [most|least LIMIT]: a ratio, and whether it is what it is to be.
goal() {
	awk -v text="$1" -v ratio="$2" -v which="${3-}" -v limit="${4-}" 'BEGIN {
		printf "  %-40s %7.2f", text, ratio
		if (which != "")
			printf "   at %s %.2f   %s", which, limit, (which == "most" ? ratio <= limit : ratio >= limit) ? "reached" : "MISSED"
		print ""
	}'
}
