// libpng reports errors with longjmp, which must not cross Swift frames: decoding stays in C.
#pragma once

#include <png.h>
