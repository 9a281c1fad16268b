// What OpenCL C 1.2 and CUDA C++ have in common, under one name each. KernelSource puts this before every program.
//
// A kernel is `KERNEL(name)(arguments)`; GLOBAL says where a pointer leads, LOCAL where an array lies,
// LOCAL_POINTER where a pointer to such a one leads. LANE, GROUP and SIZE are a work
// item's place in its group, the group's place, and the group's size along axis 0, 1 or 2. Products are never contracted with
// sums but by FMA, so both compilers round alike.

#ifdef __OPENCL_VERSION__

#pragma OPENCL FP_CONTRACT OFF
#define KERNEL(name) __kernel void name
#define GLOBAL __global
#define LOCAL __local
#define LOCAL_POINTER __local
#define FUNCTION static inline
#define CALLED static
#define RESTRICT restrict
// A processor has few registers and much cache: it gains nothing from what takes its compiler ten seconds a kernel.
#ifdef ON_CPU
#define UNROLL
#else
#define UNROLL _Pragma("unroll")
#endif
#define ROLLED
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define LANE(axis) ((int) get_local_id(axis))
#define GROUP(axis) ((int) get_group_id(axis))
#define SIZE(axis) ((int) get_local_size(axis))
#define GROUPS(axis) ((int) get_num_groups(axis))
#define INDEX long
#define NEGATIVE_INFINITY (-INFINITY)
#define EXP(x) exp(x)
#define LOG(x) log(x)
#define SQRT(x) sqrt(x)
#define ERFC(x) erfc(x)
#define FMA(a, b, c) fma(a, b, c)
#define BITS(x) as_uint(x)
#define FLOAT_OF(bits) as_float(bits)

#else

#define KERNEL(name) extern "C" __global__ void name
#define GLOBAL
#define LOCAL __shared__
#define LOCAL_POINTER
#define FUNCTION static __device__ __forceinline__
#define CALLED static __device__ __noinline__
#define RESTRICT __restrict__
#define UNROLL _Pragma("unroll")
#define ROLLED _Pragma("unroll 1")
#define BARRIER() __syncthreads()
#define AXIS_0 x
#define AXIS_1 y
#define AXIS_2 z
#define LANE(axis) ((int) threadIdx.AXIS_##axis)
#define GROUP(axis) ((int) blockIdx.AXIS_##axis)
#define SIZE(axis) ((int) blockDim.AXIS_##axis)
#define GROUPS(axis) ((int) gridDim.AXIS_##axis)
#define INDEX long long
#define NEGATIVE_INFINITY (-__int_as_float(0x7f800000))
#define EXP(x) expf(x)
#define LOG(x) logf(x)
#define SQRT(x) sqrtf(x)
#define ERFC(x) erfcf(x)
#define FMA(a, b, c) __fmaf_rn(a, b, c)
#define BITS(x) __float_as_uint(x)
#define FLOAT_OF(bits) __uint_as_float(bits)

#endif

// The first index of this work item along axis 0, over all groups.
#define ELEMENT() ((INDEX) GROUP(0) * SIZE(0) + LANE(0))

// Activations, numbered as replklab.tensor.Activation.
#define NONE 0
#define RELU 1
#define RELU6 2
#define GELU 3
#define SIGMOID 4

FUNCTION int is_nan(float x) { return x != x; }

// NaN goes through, as on the CPU.
FUNCTION float clamped(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

// Called, not copied to each of the places that a product's tile has in registers. From 15 on the normal distribution is 1 or 0 in float32, and infinities times 0 would be NaN.
CALLED float activated(int kind, float x) {
    switch (kind) {
        case RELU: return x < 0.0f ? 0.0f : x;
        case RELU6: return clamped(x, 0.0f, 6.0f);
        case GELU: return x < -15.0f ? 0.0f : x > 15.0f ? x : 0.5f * x * ERFC(-0.70710678118654752f * x);
        case SIGMOID: return 1.0f / (1.0f + EXP(-x));
        default: return x;
    }
}

// dy times the activation's derivative at x; a clamp lets dy through as it is or not at all.
CALLED float activation_gradient(int kind, float x, float dy) {
    switch (kind) {
        case RELU: return x > 0.0f ? dy : 0.0f;
        case RELU6: return x > 0.0f && x < 6.0f ? dy : 0.0f;
        case GELU: {
            float density = 0.39894228040143268f * EXP(-0.5f * x * x);
            return dy * (x < -15.0f ? 0.0f : x > 15.0f ? 1.0f : FMA(x, density, 0.5f * ERFC(-0.70710678118654752f * x)));
        }
        case SIGMOID: {
            float y = 1.0f / (1.0f + EXP(-x));
            return dy * (y - y * y);
        }
        default: return dy;
    }
}

// The nearest bfloat16, halves to even.
FUNCTION float bfloat16(float x) {
    unsigned int bits = BITS(x);
    return is_nan(x) ? x : FLOAT_OF((bits + 0x7fffu + ((bits >> 16) & 1u)) & 0xffff0000u);
}
