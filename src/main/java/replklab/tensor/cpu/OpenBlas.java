package replklab.tensor.cpu;

import java.lang.ref.Reference;
import org.bytedeco.openblas.global.openblas;

/** Matrix products by OpenBLAS on the calling thread alone. */
final class OpenBlas {
    private static final ThreadLocal<Address[]> ADDRESSES =
            ThreadLocal.withInitial(() -> new Address[] {new Address(), new Address(), new Address()});

    private OpenBlas() {}

    /** c = a b, or c += a b, with c of {@code rows} x {@code columns} and {@code depth} the summed length. */
    static void multiply(int rows, int columns, int depth, Matrix a, Matrix b, boolean accumulate, Matrix c) {
        // Asked each time: ND4J, which shares the library, sets it to the number of processors when it is first used.
        if (openblas.blas_get_num_threads() != 1) {
            openblas.blas_set_num_threads(1);
        }
        Address[] addresses = ADDRESSES.get();
        try {
            openblas.cblas_sgemm(
                    openblas.CblasRowMajor,
                    a.transposed() ? openblas.CblasTrans : openblas.CblasNoTrans,
                    b.transposed() ? openblas.CblasTrans : openblas.CblasNoTrans,
                    rows,
                    columns,
                    depth,
                    1,
                    addresses[0].at(a.address()),
                    a.width(),
                    addresses[1].at(b.address()),
                    b.width(),
                    accumulate ? 1 : 0,
                    addresses[2].at(c.address()),
                    c.width());
        } finally {
            // The library sees addresses only: keep the memory from being collected under it.
            Reference.reachabilityFence(a.memory());
            Reference.reachabilityFence(b.memory());
            Reference.reachabilityFence(c.memory());
        }
    }
}
