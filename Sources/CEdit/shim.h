// What the program needs of C: libedit's wide-character editor, signals, one thread with a large
// stack, and waiting for input.
//
// libedit's setters are variadic, which Swift cannot call; each one in use has a name here. The
// editor does three things for us: it puts the terminal into the right mode, keeps the screen equal
// to a text with as few characters as possible, and leaves the cursor where we say. Keys are decoded
// and the text is edited on our side, so every key reaches one function, `key`, through one binding.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

// The editor

/// What `read` returns for a key that waits to be handled, and for the end of the entry. Both lie
/// in the C1 block, which no keyboard sends and our input never passes on.
enum { DUET_KEY = 0x80, DUET_ACCEPT = 0x81 };

/// The character that encloses terminal sequences in a prompt.
enum { DUET_ESCAPE = 0x01 };

/// What `key` returns: redraw, nothing to do, and end without an entry.
enum { DUET_REDRAW = CC_REFRESH, DUET_KEEP = CC_NORM, DUET_LEAVE = CC_EOF };

typedef int (*duet_read_function)(EditLine *, wchar_t *);
typedef unsigned char (*duet_key_function)(EditLine *, wint_t);
typedef wchar_t *(*duet_prompt_function)(EditLine *);

/// Text is UTF-8 even where the environment names no locale: without one, libedit drops every
/// character that is not ASCII. Only characters are concerned; numbers stay as they are.
static inline void duet_use_utf8(void) {
  if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
}

/// An editor on the standard streams, or null when there is no usable terminal.
static inline EditLine *duet_edit_open(
    duet_read_function read, duet_key_function key, duet_prompt_function prompt, void *context) {
  static const wchar_t key_code[] = {DUET_KEY, 0}, accept_code[] = {DUET_ACCEPT, 0};
  EditLine *editor = el_init("duet", stdin, stdout, stderr);
  if (editor == NULL) return NULL;
  el_wset(editor, EL_CLIENTDATA, context);
  el_wset(editor, EL_EDITOR, L"emacs");
  // With 1, libedit sends every signal on to the whole process group.
  el_wset(editor, EL_SIGNAL, 0);
  el_wset(editor, EL_PROMPT_ESC, prompt, DUET_ESCAPE);
  el_wset(editor, EL_GETCFN, read);
  el_wset(editor, EL_ADDFN, L"duet-key", L"A key for duet.", key);
  el_wset(editor, EL_BIND, key_code, L"duet-key", NULL);
  el_wset(editor, EL_BIND, accept_code, L"ed-newline", NULL);
  return editor;
}

/// What was given to `duet_edit_open`.
static inline void *duet_edit_context(EditLine *editor) {
  void *context = NULL;
  el_wget(editor, EL_CLIENTDATA, &context);
  return context;
}

/// Makes the editor's text `text`, with the cursor before its character number `cursor`.
static inline void duet_edit_show(EditLine *editor, const wchar_t *text, int cursor) {
  const LineInfoW *line = el_wline(editor);
  int length = (int)wcslen(text);
  if (length == 0) {
    el_cursor(editor, (int)(line->lastchar - line->cursor));
    el_wdeletestr(editor, (int)(line->lastchar - line->buffer));
    return;
  }
  el_wreplacestr(editor, text);
  line = el_wline(editor);
  el_cursor(editor, cursor - (int)(line->cursor - line->buffer));
}

/// Draws prompt and text from where the terminal's cursor is, which must be the start of a row.
static inline void duet_edit_draw(EditLine *editor) { el_wset(editor, EL_REFRESH); }

/// Takes over a changed size of the terminal.
static inline void duet_edit_resize(EditLine *editor) { el_resize(editor); }

/// Puts the terminal into raw mode anew, after somebody else may have changed it.
static inline void duet_edit_retake(EditLine *editor) {
  el_wset(editor, EL_PREP_TERM, 0);
  el_wset(editor, EL_PREP_TERM, 1);
}

/// Edits one entry. Its text is on our side: libedit's copy is not even terminated.
///
/// libedit shows the prompt first and takes the terminal over when it waits for a key; a key that is
/// pressed in between would be shown twice, and Ctrl-D lost.
static inline void duet_edit_run(EditLine *editor) {
  int count = 0;
  el_wset(editor, EL_PREP_TERM, 1);
  el_wgets(editor, &count);
}

// Input and the terminal

/// Waits until standard input can be read (1), `wake` can (2), both (3), or time is up (0).
/// `milliseconds` -1 waits without end.
static inline int duet_input_wait(int wake, int milliseconds) {
  struct pollfd waited[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = wake, .events = POLLIN}};
  int count = poll(waited, 2, milliseconds);
  if (count <= 0) return 0;
  return (waited[0].revents ? 1 : 0) | (waited[1].revents ? 2 : 0);
}

/// A descriptor that a signal's thread makes readable, to end a wait.
static inline int duet_wake_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline void duet_wake(int wake) { eventfd_write(wake, 1); }
static inline void duet_wake_clear(int wake) {
  eventfd_t count;
  eventfd_read(wake, &count);
}

/// Puts something behind each standard descriptor that is closed, so that no file which is opened
/// later takes its number and is read as code or written over. It reads as empty and refuses to be
/// written. To be called before anything is opened.
static inline void duet_occupy_standard_descriptors(void) {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    if (open("/dev/null", O_RDONLY) == -1) return;
  }
}

/// Columns and rows of a terminal, or 0 where there is none.
static inline int duet_terminal_columns(int descriptor) {
  struct winsize size = {0};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
static inline int duet_terminal_rows(int descriptor) {
  struct winsize size = {0};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

// Signals

/// The signals that a thread of ours waits for. An interrupt that the parent ignores (a job in the
/// background of a script, nohup) stays ignored.
static inline sigset_t duet_signals(void) {
  sigset_t set;
  struct sigaction old;
  sigemptyset(&set);
  sigaddset(&set, SIGWINCH);
  sigaddset(&set, SIGCONT);
  if (sigaction(SIGINT, NULL, &old) != 0 || old.sa_handler != SIG_IGN) sigaddset(&set, SIGINT);
  return set;
}

/// Blocks those signals in this thread and all that it starts, and makes writing to a closed pipe,
/// or beyond the size that files may have, an error instead of a signal. To be called before any
/// other thread exists.
static inline void duet_signals_block(void) {
  sigset_t set = duet_signals();
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

/// Waits for the next of those signals.
static inline int duet_signals_wait(void) {
  sigset_t set = duet_signals();
  int number = 0;
  sigwait(&set, &number);
  return number;
}

/// Lets an interrupt do what it does to a program without a handler.
static inline void duet_signals_end_by_interrupt(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  signal(SIGINT, SIG_DFL);
  raise(SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

// A thread

/// Runs `body` on a thread of its own with a stack of so many bytes and waits for its end; the
/// number of an error if there can be no such thread.
static inline int duet_run_on_stack(size_t bytes, void *(*body)(void *), void *context) {
  pthread_attr_t attributes;
  pthread_t thread;
  int error = pthread_attr_init(&attributes);
  if (error != 0) return error;
  error = pthread_attr_setstacksize(&attributes, bytes);
  if (error == 0) error = pthread_create(&thread, &attributes, body, context);
  pthread_attr_destroy(&attributes);
  return error != 0 ? error : pthread_join(thread, NULL);
}
