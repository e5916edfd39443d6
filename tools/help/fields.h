/* The reference of fields: sonde help fields. */
#ifndef SONDE_TOOLS_HELP_FIELDS_H
#define SONDE_TOOLS_HELP_FIELDS_H

/* Print every protocol with the names of its fields; or of each name, which is PROTOCOL or PROTOCOL.FIELD (frame for
 * the frame layer of the notation), all that the descriptions say. Lines fit 80 columns. Returns the exit status. */
int help_fields(int n_names, char **names);

#endif
