#ifndef COMMANDS_H
#define COMMANDS_H

/* Does what Node's frames say, those that are there, as long as there is room for what comes of it. */
void commands_run(void);

#endif
