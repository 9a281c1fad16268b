package replklab.tensor.cpu;

/**
 * How a matrix product is cut into pieces that threads may work on: by its shape alone. Pieces are blocks of the result, so
 * each number is computed by one piece and the cut changes no bit.
 *
 * @param rows of the result
 * @param columns of the result
 * @param rowStep rows of a piece; the last ones may have fewer
 * @param columnStep columns of a piece; the last ones may have fewer
 */
record ProductCut(int rows, int columns, int rowStep, int columnStep) {
    /** Pieces to have at least, if the product is large enough: for the threads of a large machine. */
    private static final int WANTED = 64;

    /** Rows of a piece of a tall product: its rows of both matrices stay in a core's cache. */
    private static final int ROWS = 256;

    private static final int LEAST_ROWS = 32;
    private static final int LEAST_COLUMNS = 64;

    /** Multiplications that are worth a thread: some ten microseconds. */
    private static final long LEAST_WORK = 1 << 20;

    /** Columns are cut before rows become few: each piece reads, and may rearrange, its columns of the second matrix. */
    static ProductCut of(int rows, int columns, int depth) {
        long worth = Math.max(1, (long) rows * columns * depth / LEAST_WORK);
        int wanted = (int) Math.min(WANTED, worth);
        int rowPieces = Math.max(1, rows / ROWS);
        int columnPieces = Math.clamp(columns / LEAST_COLUMNS, 1, Math.ceilDiv(wanted, rowPieces));
        if (rowPieces * columnPieces < wanted) {
            rowPieces = Math.clamp(rows / LEAST_ROWS, 1, Math.ceilDiv(wanted, columnPieces));
        }
        return new ProductCut(
                rows,
                columns,
                roundedUp(Math.ceilDiv(rows, rowPieces), 2, rows),
                roundedUp(Math.ceilDiv(columns, columnPieces), 64, columns));
    }

    private static int roundedUp(int step, int multiple, int most) {
        return Math.min(most, Math.ceilDiv(step, multiple) * multiple);
    }

    int rowPieces() {
        return Math.ceilDiv(rows, rowStep);
    }

    int columnPieces() {
        return Math.ceilDiv(columns, columnStep);
    }

    int pieces() {
        return rowPieces() * columnPieces();
    }

    /** The first row of a row piece. */
    int row(int rowPiece) {
        return rowPiece * rowStep;
    }

    int rowCount(int rowPiece) {
        return Math.min(rowStep, rows - row(rowPiece));
    }

    /** The first column of a column piece. */
    int column(int columnPiece) {
        return columnPiece * columnStep;
    }

    int columnCount(int columnPiece) {
        return Math.min(columnStep, columns - column(columnPiece));
    }
}
