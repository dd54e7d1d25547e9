// libjpeg reports errors through a callback that must not return: decoding stays in C.
#pragma once

#include <stddef.h>
#include <stdio.h>
#include <jpeglib.h>
