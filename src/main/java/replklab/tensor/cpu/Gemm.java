package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Matrix products by OpenBLAS, one thread a call: callers cut the work themselves, so that Java's and the library's threads
 * don't compete and the number of threads never changes a bit.
 */
final class Gemm {
    private Gemm() {}

    /** A matrix in row-major memory: {@code at} is the index of its first element, a row is {@code width} elements. */
    record Matrix(MemorySegment memory, long at, int width, boolean transposed) {
        static Matrix of(MemorySegment memory, long at, int width) {
            return new Matrix(memory, at, width, false);
        }

        Matrix transpose() {
            return new Matrix(memory, at, width, !transposed);
        }
    }

    /** c = a b + beta c, with c of {@code rows} x {@code columns} and {@code depth} the summed length. */
    static void multiply(int rows, int columns, int depth, Matrix a, Matrix b, float beta, Matrix c) {
        // Asked each time: ND4J, which shares the library, sets it to the number of processors when it is first used.
        if (openblas.blas_get_num_threads() != 1) {
            openblas.blas_set_num_threads(1);
        }
        try {
            openblas.cblas_sgemm(
                    openblas.CblasRowMajor,
                    a.transposed ? openblas.CblasTrans : openblas.CblasNoTrans,
                    b.transposed ? openblas.CblasTrans : openblas.CblasNoTrans,
                    rows,
                    columns,
                    depth,
                    1,
                    new At(a),
                    a.width,
                    new At(b),
                    b.width,
                    beta,
                    new At(c),
                    c.width);
        } finally {
            // The library sees addresses only: keep the memory from being collected under it.
            Reference.reachabilityFence(a.memory);
            Reference.reachabilityFence(b.memory);
            Reference.reachabilityFence(c.memory);
        }
    }

    private static final class At extends FloatPointer {
        At(Matrix matrix) {
            super((Pointer) null);
            this.address = matrix.memory.address() + matrix.at * Float.BYTES;
        }
    }
}
