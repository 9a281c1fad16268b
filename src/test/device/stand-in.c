/*
 * Stands in for CUDA's driver where there is no card: it is compiled against NVIDIA's own cuda.h, so each function takes what the real one takes,
 * keeps "device" memory in the host's, demands what the driver demands (a current context, the stream, machine code), and computes the one kernel `combine`.
 * replklab.tensor.device.CudaStandInTest calls it.
 */
#include <cuda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The header's newest version of it has another name; drivers have both. */
#undef cuEventElapsedTime
CUresult CUDAAPI cuEventElapsedTime(float *milliseconds, CUevent from, CUevent to);

#define CARDS 2
#define STREAM ((CUstream) 0x77)
#define MODULE ((CUmodule) 0x99)

static __thread CUcontext current;

static CUcontext context_of(int card) { return (CUcontext) (0x1000L + card); }

#define NEED_CONTEXT \
    if (current != context_of(0) && current != context_of(1)) return CUDA_ERROR_INVALID_CONTEXT
#define NEED_STREAM(stream) \
    NEED_CONTEXT; \
    if (stream != STREAM) return CUDA_ERROR_INVALID_HANDLE

/* Handles of devices are not their numbers. */
static int card_of(CUdevice device) { return device - 40; }

CUresult CUDAAPI cuInit(unsigned int flags) { return flags == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE; }

CUresult CUDAAPI cuDriverGetVersion(int *version) {
    *version = 13000;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceGetCount(int *count) {
    *count = CARDS;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceGet(CUdevice *device, int ordinal) {
    *device = ordinal + 40;
    return ordinal < CARDS ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

CUresult CUDAAPI cuDeviceGetName(char *name, int length, CUdevice device) {
    snprintf(name, length, "Stand-in %d", card_of(device));
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device) {
    if (card_of(device) < 0) return CUDA_ERROR_INVALID_DEVICE;
    switch (attribute) {
        case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK: *value = 1024; return CUDA_SUCCESS;
        case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: *value = 9; return CUDA_SUCCESS;
        case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: *value = 0; return CUDA_SUCCESS;
        default: return CUDA_ERROR_INVALID_VALUE;
    }
}

CUresult CUDAAPI cuDeviceTotalMem(size_t *bytes, CUdevice device) {
    *bytes = (size_t) 1 << 32;
    return card_of(device) < 0 ? CUDA_ERROR_INVALID_DEVICE : CUDA_SUCCESS;
}

CUresult CUDAAPI cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
    *context = context_of(card_of(device));
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxSetCurrent(CUcontext context) {
    current = context;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamCreate(CUstream *stream, unsigned int flags) {
    NEED_CONTEXT;
    *stream = STREAM;
    return flags == CU_STREAM_DEFAULT ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult CUDAAPI cuStreamSynchronize(CUstream stream) {
    NEED_STREAM(stream);
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuMemAlloc(CUdeviceptr *pointer, size_t bytes) {
    NEED_CONTEXT;
    if (bytes > (size_t) 1 << 31) return CUDA_ERROR_OUT_OF_MEMORY;
    *pointer = (CUdeviceptr) malloc(bytes);
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuMemFree(CUdeviceptr pointer) {
    NEED_CONTEXT;
    free((void *) pointer);
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuMemcpyHtoDAsync(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    NEED_STREAM(stream);
    memcpy((void *) to, from, bytes);
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuMemcpyDtoHAsync(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    NEED_STREAM(stream);
    memcpy(to, (void *) from, bytes);
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuMemcpyDtoDAsync(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
    NEED_STREAM(stream);
    memcpy((void *) to, (void *) from, bytes);
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuModuleLoadData(CUmodule *module, const void *image) {
    NEED_CONTEXT;
    *module = MODULE;
    return memcmp(image, "\177ELF", 4) == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_IMAGE;
}

CUresult CUDAAPI cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
    NEED_CONTEXT;
    *function = (CUfunction) strdup(name);
    return module == MODULE ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CUresult CUDAAPI cuLaunchKernel(CUfunction function, unsigned int x, unsigned int y, unsigned int z, unsigned int size_x,
        unsigned int size_y, unsigned int size_z, unsigned int shared, CUstream stream, void **arguments, void **extra) {
    NEED_STREAM(stream);
    if (size_z != 1 || shared != 0 || extra) return CUDA_ERROR_INVALID_VALUE;
    printf("launch %s (%u, %u, %u) of (%u, %u)\n", (const char *) function, x, y, z, size_x, size_y);
    fflush(stdout);
    if (strcmp((const char *) function, "combine") == 0) {
        long long count = *(long long *) arguments[0];
        float a = *(float *) arguments[1], b = *(float *) arguments[3];
        float *in = *(float **) arguments[2], *other = *(float **) arguments[4], *out = *(float **) arguments[5];
        if ((long long) x * size_x < count) return CUDA_ERROR_INVALID_VALUE;
        for (long long i = 0; i < count; i++) out[i] = b == 0 ? a * in[i] : a * in[i] + b * other[i];
    }
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuEventCreate(CUevent *event, unsigned int flags) {
    NEED_CONTEXT;
    *event = (CUevent) malloc(1);
    return flags == CU_EVENT_DEFAULT ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult CUDAAPI cuEventRecord(CUevent event, CUstream stream) {
    NEED_STREAM(stream);
    return event ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CUresult CUDAAPI cuEventSynchronize(CUevent event) {
    NEED_CONTEXT;
    return event ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CUresult CUDAAPI cuEventElapsedTime(float *milliseconds, CUevent from, CUevent to) {
    NEED_CONTEXT;
    *milliseconds = 1.5f;
    return from && to ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}
