// zlib, for reading: the gzip filter of HDF5 and the members of archives.
#pragma once

#include <zlib.h>
