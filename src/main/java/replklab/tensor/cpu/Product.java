package replklab.tensor.cpu;

import replklab.tensor.Activation;

/**
 * A kind of matrix product, activation(a b + bias) + residual: everything but the memory, which decides how oneDNN computes
 * it.
 *
 * @param format of both matrices
 * @param rows of the result
 * @param columns of the result
 * @param depth the summed length
 * @param aWidth elements from one row of a's memory to the next
 * @param aTransposed whether a's memory holds its transpose
 * @param bWidth as {@code aWidth}; {@link #BLOCKED} for a layout of the library's choice
 * @param bTransposed whether b's memory holds its transpose
 * @param cWidth elements from one row of the result's and the residual's memory to the next
 * @param accumulate whether the result is added to what is there
 * @param bias whether there is one number a column to add
 * @param activation of the sum
 * @param residual whether there is a matrix to add in the end
 */
record Product(
        OperandFormat format,
        int rows,
        int columns,
        int depth,
        int aWidth,
        boolean aTransposed,
        int bWidth,
        boolean bTransposed,
        int cWidth,
        boolean accumulate,
        boolean bias,
        Activation activation,
        boolean residual) {
    /** Stands for the width of a matrix that lies in blocks. */
    static final int BLOCKED = 0;

    /** A product of nothing but two matrices. */
    static Product plain(int rows, int columns, int depth, Matrix a, Matrix b, boolean accumulate, Matrix c) {
        return new Product(
                a.format(),
                rows,
                columns,
                depth,
                a.width(),
                a.transposed(),
                b.width(),
                b.transposed(),
                c.width(),
                accumulate,
                false,
                Activation.NONE,
                false);
    }

    /** A product of rows that lie without gaps, both matrices to be brought into a format. */
    static Product ofRows(OperandFormat format, int rows, int columns, int depth, Matrix b, Matrix c) {
        return new Product(
                format,
                rows,
                columns,
                depth,
                depth,
                false,
                b.width(),
                b.transposed(),
                c.width(),
                false,
                false,
                Activation.NONE,
                false);
    }

    /** This product and what comes after it. */
    Product with(boolean newBias, Activation newActivation, boolean newResidual) {
        return new Product(
                format,
                rows,
                columns,
                depth,
                aWidth,
                aTransposed,
                bWidth,
                bTransposed,
                cWidth,
                accumulate,
                newBias,
                newActivation,
                newResidual);
    }

    /** This product over a part of the result. */
    Product sized(int newRows, int newColumns) {
        return new Product(
                format,
                newRows,
                newColumns,
                depth,
                aWidth,
                aTransposed,
                bWidth,
                bTransposed,
                cWidth,
                accumulate,
                bias,
                activation,
                residual);
    }

    /** This product with b in blocks of the library's choice. */
    Product blocked() {
        return new Product(
                format,
                rows,
                columns,
                depth,
                aWidth,
                aTransposed,
                BLOCKED,
                false,
                cWidth,
                accumulate,
                bias,
                activation,
                residual);
    }
}
