/** Accelerators through Java's foreign-function API: OpenCL, and CUDA's driver with NVRTC; they know buffers and kernels, nothing else. */
package replklab.device;
