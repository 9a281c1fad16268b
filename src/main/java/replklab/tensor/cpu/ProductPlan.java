package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import replklab.base.Parallel;
import replklab.tensor.Tensor;

/**
 * A large product of row-major matrices through oneDNN, cut into pieces for the threads, with bias, activation and residual
 * in the same pass. The second matrix is a layer's weights; frozen ones are brought into the library's blocks once.
 */
final class ProductPlan {
    private static final Map<Product, ProductPlan> PLANS = new ConcurrentHashMap<>();

    private final ProductCut cut;
    private final Product whole;

    /** By row piece and column piece; pieces of the same size share one. */
    private final OneDnnMatmul[][] products;

    /** By row piece and column piece the blocks of frozen weights, else null. */
    private final MemorySegment[][] blocks;

    /** What is kept beside frozen weights: the columns from one on, in a layout. */
    private record Panel(int fromColumn, ByteBuffer layout) {}

    private ProductPlan(Product whole, Tensor frozen) {
        this.whole = whole;
        this.cut = ProductCut.of(whole.rows(), whole.columns(), whole.depth());
        this.products = new OneDnnMatmul[cut.rowPieces()][cut.columnPieces()];
        this.blocks = frozen == null ? null : new MemorySegment[cut.rowPieces()][cut.columnPieces()];
        for (int i = 0; i < cut.rowPieces(); i++) {
            for (int j = 0; j < cut.columnPieces(); j++) {
                Product piece = whole.sized(cut.rowCount(i), cut.columnCount(j));
                products[i][j] = OneDnnMatmul.of(frozen == null ? piece : piece.blocked());
                if (frozen != null) {
                    blocks[i][j] = panel(frozen, products[i][j], cut.column(j), cut.columnCount(j));
                }
            }
        }
    }

    /** The plan for a product with these weights, made at the first call. */
    static ProductPlan of(Product whole, Tensor weights) {
        return weights.isFrozen()
                ? weights.prepared(whole, () -> new ProductPlan(whole, weights))
                : PLANS.computeIfAbsent(whole, key -> new ProductPlan(key, null));
    }

    private MemorySegment panel(Tensor weights, OneDnnMatmul product, int fromColumn, int columns) {
        Panel key = new Panel(fromColumn, product.bLayoutKey());
        return weights.prepared(key, () -> {
            Matrix plain = new Matrix(weights.memory(), weightsAt(fromColumn), whole.bWidth(), whole.bTransposed());
            return product.inBlocks(whole.depth(), columns, plain);
        });
    }

    private long weightsAt(int column) {
        return whole.bTransposed() ? (long) column * whole.bWidth() : column;
    }

    /** Computes it; {@code bias} and {@code residual} are null unless the product has them. */
    void run(MemorySegment a, MemorySegment weights, MemorySegment bias, MemorySegment residual, MemorySegment c) {
        Parallel.forEach(cut.pieces(), piece -> {
            // Column by column: the pieces that follow each other share their part of the weights.
            int i = piece % cut.rowPieces();
            int j = piece / cut.rowPieces();
            long at = (long) cut.row(i) * whole.cWidth() + cut.column(j);
            products[i][j].run(
                    a,
                    (long) cut.row(i) * whole.aWidth(),
                    blocks == null ? weights : blocks[i][j],
                    blocks == null ? weightsAt(cut.column(j)) : 0,
                    bias,
                    cut.column(j),
                    residual,
                    at,
                    c,
                    at);
        });
    }
}
