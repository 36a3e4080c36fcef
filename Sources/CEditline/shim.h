#include <histedit.h>

/* Functions with a variable number of arguments cannot be called from Swift: one function for each use of them. */

static inline int cedit_set_prompt(EditLine *el, char *(*prompt)(EditLine *)) {
    return el_set(el, EL_PROMPT, prompt);
}

static inline int cedit_set_reader(EditLine *el, int (*read)(EditLine *, wchar_t *)) {
    return el_set(el, EL_GETCFN, read);
}

static inline int cedit_set_client(EditLine *el, void *client) {
    return el_set(el, EL_CLIENTDATA, client);
}

static inline void *cedit_client(EditLine *el) {
    void *client = NULL;
    el_get(el, EL_CLIENTDATA, &client);
    return client;
}

static inline int cedit_set_editor(EditLine *el, const char *name) {
    return el_set(el, EL_EDITOR, name);
}

/* Keys are not turned into signals while a line is typed. */
static inline int cedit_keep_signals(EditLine *el) {
    return el_set(el, EL_SETTY, "-d", "-isig", NULL);
}

/* Before the prompt appears: what is typed behind it must not be shown by the terminal too. */
static inline int cedit_prepare(EditLine *el) {
    return el_set(el, EL_PREP_TERM, 1);
}

static inline int cedit_add(EditLine *el, const char *name, const char *help,
                            unsigned char (*act)(EditLine *, int)) {
    return el_set(el, EL_ADDFN, name, help, act);
}

static inline int cedit_bind(EditLine *el, const char *key, const char *name) {
    return el_set(el, EL_BIND, key, name, NULL);
}

static inline int cedit_refresh(EditLine *el) {
    return el_set(el, EL_REFRESH, 0);
}

static inline int cedit_set_history(EditLine *el, History *lines) {
    return el_set(el, EL_HIST, history, lines);
}

static inline int cedit_history_limit(History *lines, int count) {
    HistEvent event;
    history(lines, &event, H_SETUNIQUE, 1);
    return history(lines, &event, H_SETSIZE, count);
}

static inline int cedit_history_enter(History *lines, const char *line) {
    HistEvent event;
    return history(lines, &event, H_ENTER, line);
}

static inline int cedit_history_load(History *lines, const char *file) {
    HistEvent event;
    return history(lines, &event, H_LOAD, file);
}

static inline int cedit_history_save(History *lines, const char *file) {
    HistEvent event;
    return history(lines, &event, H_SAVE, file);
}

/* wchar.h declares it for programs that ask for X/Open only. */
extern int wcwidth(wchar_t character);

static inline int cedit_width(wchar_t character) {
    return wcwidth(character);
}
