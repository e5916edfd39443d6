# Reads the output of one test program (see run.sh), prints a line about it, and appends "passed failed skipped" to
# the file `counts`. In TAP, "skip: REASON" before a result, or what follows "# SKIP", says why a test was skipped.

function forget() {
	n_before = 0
	reason = ""
}

function show_before(    i) {
	for (i = 1; i <= n_before; i++)
		print "    " before[i]
}

function result(line, title) {
	n_results++
	title = line
	sub(/^(not )?ok [0-9]+( -)? ?/, "", title)
	after_failure = 0
	if (line ~ /# SKIP/) {
		skipped++
		sub(/ *# SKIP */, ": ", title)
		sub(/^: /, "", title)
		print "  skipped: " name ": " title (reason != "" ? ": " reason : "")
	} else if (line ~ /^ok/) {
		passed++
	} else {
		failed++
		print "  FAILED: " name ": " title
		show_before()
		after_failure = 1
	}
	forget()
}

/^1\.\.[0-9]+$/ && plan == "" {
	plan = substr($0, 4) + 0
	next
}

/^(not )?ok [0-9]+/ && match($0, /[0-9]+/) && substr($0, RSTART, RLENGTH) == n_results + 1 {
	result($0)
	next
}

{
	if ($0 ~ /^skip: /)
		reason = substr($0, 7)
	if (after_failure && $0 ~ /^# /)
		print "    " $0
	before[++n_before] = $0
	if ($0 != "")
		last = $0
}

END {
	if (plan == "" && n_results == 0) {
		if (status == 0) {
			passed = 1
		} else if (status == 77) {
			skipped = 1
			print "  skipped: " name ": " last
		} else {
			failed = 1
			print "  FAILED: " name " (status " status ")"
			show_before()
		}
	} else if (plan != n_results || (status != 0 && failed == 0)) {
		failed += plan > n_results ? plan - n_results : 1
		print "  FAILED: " name ": " n_results + 0 " of " plan + 0 " results, then status " status
		show_before()
	}
	printf "%-28s %d passed, %d failed, %d skipped\n", name, passed, failed, skipped
	print passed + 0, failed + 0, skipped + 0 >> counts
}
