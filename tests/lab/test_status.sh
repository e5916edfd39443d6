#!/bin/sh
# COMMAND's exit status, signals, input and output pass through `sonde lab run`; its own failures are 125.
. "$LIB"
run="$SONDE lab run"

expect 0 'success is COMMAND'\''s' $run true
expect 7 'a status is COMMAND'\''s' $run sh -c 'exit 7'
expect 125 'even 125 is' $run sh -c 'exit 125'
expect 127 'no such command: 127' $run no-such-command
says 'and says so' "sonde lab run: cannot run 'no-such-command': No such file or directory"
expect 126 'not executable: 126' $run /etc/passwd
says 'and says so' "sonde lab run: cannot run '/etc/passwd': Permission denied"

expect 125 'an unknown topology' $run -t par true
says 'is named, with a suggestion' "sonde lab run: unknown topology 'par' (did you mean pair?)"
expect 125 'an unknown host' $run --at sever true
says 'is named, with a suggestion' "sonde lab run: no host 'sever' in topology 'pair' (did you mean server?)"
expect 125 'an unknown option' $run --topolgy pair true
says 'is named, with a suggestion' 'sonde lab run: unknown option --topolgy (did you mean --topology?)'
expect 125 'no command' $run
says 'is said' 'sonde lab run: no COMMAND: sonde lab run COMMAND...'
expect 2 'an unknown lab command' "$SONDE" lab rn
says 'is named, with a suggestion' "sonde lab: unknown command 'rn' (did you mean run?)"
expect 2 'an unknown command' "$SONDE" lba
says 'is named, with a suggestion' "sonde: unknown command 'lba' (did you mean lab?)"

check 'options behind COMMAND are its own' $run sh -c 'exit $(($# - 1))' sh -t
check 'stdin reaches COMMAND' sh -c "echo hello | $run grep -q hello"
check 'stdout is COMMAND'\''s alone' sh -c "test \"\$($run -v echo hello 2>/dev/null)\" = hello"
check 'open descriptors reach COMMAND' sh -c "echo hello | $run sh -c 'grep -q hello <&3' 3<&0 </dev/null"
check 'the user'\''s mask hides nothing of the lab' sh -c "umask 077; $run stat -c %a /etc/hosts /run/netns"
says 'from whoever COMMAND becomes' '644
755'
check '--at chooses the host' sh -c "test \"\$($run --at server hostname)\" = server"

# A shell makes 128 + number of a death by signal.
for signal in TERM:143 KILL:137 INT:130 SEGV:139 PIPE:141; do
	expect ${signal#*:} "COMMAND killed by ${signal%:*}" sh -c "$run sh -c 'kill -${signal%:*} \$\$'; exit \$?"
done
for signal in TERM HUP USR1; do
	expect 9 "$signal sent to the lab reaches COMMAND" bash -c '
		coproc lab { exec '"$run"' bash -c "trap \"exit 9\" '$signal'; echo up; while :; do read -t 1 -u 9; done" 9<>/dev/ptmx; }
		pid=$lab_PID
		read -r up <&${lab[0]}
		kill -'$signal' $pid
		wait $pid'
done

# state PID LETTER: the process is in this state.
state() {
	grep -q "^State:.$2" "/proc/$1/status"
}

bash -c "exec $run sh -c 'kill -STOP \$\$; exit 5'" &
check 'the lab stops when COMMAND stops' await state $! T
kill -CONT $!
wait $!
expect 5 'and goes on with it' sh -c "exit $?"
