// HDF5's identifiers are macros that read a global after opening the library: Swift cannot import
// them, so each one in use has an inline function here.
#pragma once

#include <hdf5/serial/hdf5.h>

static inline hid_t duet_default_properties(void) { return H5P_DEFAULT; }
static inline hid_t duet_file_creation(void) { return H5P_FILE_CREATE; }
static inline hid_t duet_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t duet_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t duet_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline unsigned duet_new_file(void) { return H5F_ACC_EXCL; }
static inline unsigned duet_keep_order(void) {
  return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
}

static inline hid_t duet_all(void) { return H5S_ALL; }

static inline hid_t duet_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t duet_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t duet_int64(void) { return H5T_STD_I64LE; }
static inline hid_t duet_int32(void) { return H5T_STD_I32LE; }
static inline hid_t duet_uint32(void) { return H5T_STD_U32LE; }
static inline hid_t duet_int8(void) { return H5T_STD_I8LE; }
static inline hid_t duet_reference(void) { return H5T_STD_REF_OBJ; }
static inline hid_t duet_characters(void) { return H5T_C_S1; }
static inline size_t duet_any_length(void) { return H5T_VARIABLE; }

static inline hid_t duet_error_stack(void) { return H5E_DEFAULT; }
static inline H5L_type_t duet_external_link(void) { return H5L_TYPE_EXTERNAL; }
