#ifndef IDOC_CONTROL_H
#define IDOC_CONTROL_H

/*
 * The control record in its three shapes: elements of EDI_DC40 in XML, a flat
 * line of 524 characters (EDI_DC40, EDI_DC40_U, release 4.x), and a flat line
 * of 464 characters (EDI_DC, release 3.x). One table, as transaction WE60
 * prints it.
 */

#include "idoc/content.h"
#include "idoc/idoc.h"

#define CONTROL_WIDTH 524 /* EDI_DC40 */
#define CONTROL_WIDTH_3 464 /* EDI_DC */

/* Number of a control field by its SAP name, -1 when it is none. */
int control_index(struct str name);
/* How many fields there are, in the order of EDI_DC40; the name of one, its
 * length there (0 = EDI_DC alone has it), where its value lies, and the value.
 */
int control_count(void);
const char *control_name(int index);
size_t control_length(int index);
struct str *control_value(struct idoc_control *control, int index);
struct str control_text(const struct idoc_control *control, int index);

/* Fill control from a flat line in UTF-8; values are copied to the arena. */
void control_read_flat(struct idoc_control *control, struct str line,
    bool release3, struct arena *arena);

/*
 * Fill idoctyp from DOCTYP or the name of the XML root and mestyp from idoctyp
 * where the control record left them empty and they are certain: DEBMAS07 ->
 * DEBMAS, but nothing for DELVRY07, which serves several messages.
 */
void control_complete(struct idoc_control *control, struct str root,
    struct arena *arena);

/* Everything but what a second sending changes: STATUS, CREDAT, CRETIM,
 * SERIAL, OUTMOD, REFINT, REFGRP, REFMES. */
void control_content(const struct idoc_control *control,
    struct content *content);

#endif
