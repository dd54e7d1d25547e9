// libedit's wide-character interface is variadic, which Swift cannot call: the inline functions
// here give each setting in use a name.
#pragma once

#include <histedit.h>
