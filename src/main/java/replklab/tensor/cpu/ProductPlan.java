package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import replklab.base.Parallel;
import replklab.base.Reusable;
import replklab.base.Reusables;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;
import replklab.tensor.cpu.OneDnnMatmul.Blocks;
import replklab.tensor.cpu.ThreadScratch.Operand;

/**
 * A large product of row-major matrices through oneDNN, cut into pieces for the threads, with bias, activation and residual
 * in the same pass. The second matrix is a layer's weights; frozen ones are brought into the library's blocks once.
 */
final class ProductPlan extends Reusable {
    private static final Reusables<Product, ProductPlan> PLANS = new Reusables<>();

    private final ProductCut cut;
    private final Product whole;

    /** What is left to do after a product: an activation, then perhaps the residual. */
    private final Activation activation;

    private final boolean residual;

    /** By row piece and column piece. */
    private final Piece[][] pieces;

    /** What is kept beside frozen weights: the columns from one on, rounded to a format, in a layout. */
    private record Panel(int fromColumn, OperandFormat format, ByteBuffer layout) {}

    /** A product of one piece, and what it used the last time, which may be gone. */
    private static final class Piece {
        private final Product product;
        private volatile OneDnnMatmul last;
        private volatile Blocks blocks;

        Piece(Product product) {
            this.product = product;
        }

        OneDnnMatmul compiled() {
            OneDnnMatmul found = last;
            if (found == null || !found.use()) {
                found = OneDnnMatmul.of(product);
                last = found;
            }
            return found;
        }
    }

    private ProductPlan(Product whole, boolean frozen) {
        // The library's GELU takes longer than ours, and its ReLU makes 0 of NaN; a piece's result is still in the
        // cache.
        this.activation = whole.activation();
        this.whole = activation == Activation.NONE ? whole : whole.with(whole.bias(), Activation.NONE, false);
        this.residual = whole.residual() && activation != Activation.NONE;
        this.cut = ProductCut.of(whole.rows(), whole.columns(), whole.depth());
        this.pieces = new Piece[cut.rowPieces()][cut.columnPieces()];
        for (int i = 0; i < cut.rowPieces(); i++) {
            for (int j = 0; j < cut.columnPieces(); j++) {
                Product piece = this.whole.sized(cut.rowCount(i), cut.columnCount(j));
                pieces[i][j] = new Piece(frozen ? piece.blocked() : piece);
            }
        }
    }

    /**
     * Computes a product with these weights.
     *
     * @param a without gaps between its rows, in float32 like all that is given; it and the weights are multiplied in the
     *     product's format
     * @param bias null unless the product has one
     * @param added the residual, null unless the product has one
     */
    static void run(
            Product whole, Tensor weights, MemorySegment a, MemorySegment bias, MemorySegment added, MemorySegment c) {
        try (ProductPlan plan = weights.isFrozen()
                ? weights.prepared(whole, () -> new ProductPlan(whole, true))
                : PLANS.use(whole, key -> new ProductPlan(key, false))) {
            plan.run(weights, a, bias, added, c);
        }
    }

    private void run(Tensor weights, MemorySegment a, MemorySegment bias, MemorySegment added, MemorySegment c) {
        OperandFormat format = whole.format();
        Matrix plain = weights.isFrozen() ? null : inFormat(weights);
        // Rows of one piece alone are rounded there, while they are in its core's cache.
        boolean together = cut.columnPieces() > 1;
        Matrix all = together ? format.matrix(a, 0, whole.rows(), whole.depth(), Operand.LEFT) : null;
        Parallel.forEach(cut.pieces(), number -> {
            // Column by column: the pieces that follow each other share their part of the weights.
            int i = number % cut.rowPieces();
            int j = number / cut.rowPieces();
            long at = (long) cut.row(i) * whole.cWidth() + cut.column(j);
            try (OneDnnMatmul product = pieces[i][j].compiled();
                    Blocks blocks = plain == null ? blocks(weights, pieces[i][j], product, j) : null) {
                Matrix rows = together
                        ? all.from(cut.row(i), 0)
                        : format.matrix(
                                a, (long) cut.row(i) * whole.depth(), cut.rowCount(i), whole.depth(), Operand.LEFT);
                product.run(
                        rows.memory(),
                        rows.at(),
                        plain == null ? blocks.memory() : plain.memory(),
                        plain == null ? 0 : columnsFrom(plain, cut.column(j)).at(),
                        bias,
                        cut.column(j),
                        added,
                        at,
                        c,
                        at);
            }
            if (activation != Activation.NONE) {
                MemorySegment rest = residual ? added : null;
                RowEnds.finish(activation, rest, c, at, cut.columnCount(j), whole.cWidth(), cut.rowCount(i));
            }
        });
    }

    /** The weights of a column piece in the product's blocks, to be closed after use. */
    private Blocks blocks(Tensor weights, Piece piece, OneDnnMatmul product, int j) {
        Blocks found = piece.blocks;
        if (found == null || !found.use()) {
            int column = cut.column(j);
            found = weights.prepared(new Panel(column, whole.format(), product.bLayoutKey()), () -> {
                Matrix panel = columnsFrom(inFormat(weights), column);
                return product.inBlocks(
                        whole.depth(), cut.columnCount(j), whole.bTransposed() ? panel.transpose() : panel);
            });
            piece.blocks = found;
        }
        return found;
    }

    /** The weights as they lie, in the product's format. */
    private Matrix inFormat(Tensor weights) {
        int rows = whole.bTransposed() ? whole.columns() : whole.depth();
        return whole.format().matrix(weights.memory(), 0, rows, whole.bWidth(), Operand.RIGHT);
    }

    /** Where a column of the product has its weights. */
    private Matrix columnsFrom(Matrix weights, int column) {
        return whole.bTransposed() ? weights.from(column, 0) : weights.from(0, column);
    }

    @Override
    protected long bytes() {
        return 300 + 200L * cut.pieces();
    }

    @Override
    protected void free() {
        // It holds objects alone.
    }
}
