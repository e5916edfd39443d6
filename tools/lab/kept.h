/* The subcommands for labs that stay up. Each takes argv with its own name as argv[0], and returns an exit status. */
#ifndef SONDE_TOOLS_LAB_KEPT_H
#define SONDE_TOOLS_LAB_KEPT_H

int lab_up(int argc, char **argv);
int lab_exec(int argc, char **argv);
int lab_shell(int argc, char **argv);
int lab_list(int argc, char **argv);
int lab_down(int argc, char **argv);

#endif
