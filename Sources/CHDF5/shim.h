// HDF5's identifiers are macros that read a global after opening the library: Swift cannot import
// them, so each one in use has an inline function here.
#pragma once

#include <hdf5/serial/hdf5.h>

static inline hid_t duet_native_float(void) { return H5T_NATIVE_FLOAT; }
