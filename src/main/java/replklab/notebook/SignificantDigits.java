package replklab.notebook;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.NumberColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

/** Five digits of a number, as one reads it in a notebook; what computes has all of them. */
final class SignificantDigits extends NumberFormat {
    private static final long serialVersionUID = 1;
    private static final MathContext FIVE = new MathContext(5);

    /** Below it, and from the square of its inverse on, numbers have an exponent. */
    private static final double SMALL = 1e-4;

    private SignificantDigits() {}

    /** The same table, whose floating-point columns print so. */
    static Table in(Table table) {
        Table copy = table.copy();
        for (Column<?> column : copy.columns()) {
            if (column instanceof DoubleColumn || column instanceof FloatColumn) {
                ((NumberColumn<?, ?>) column).setPrintFormatter(new NumberColumnFormatter(new SignificantDigits()));
            }
        }
        return copy;
    }

    @Override
    public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
        if (!Double.isFinite(number)) {
            return to.append(number);
        }
        BigDecimal rounded = BigDecimal.valueOf(number).round(FIVE).stripTrailingZeros();
        double size = Math.abs(number);
        boolean plain = number == 0 || (size >= SMALL && size < 1 / SMALL / SMALL);
        return to.append(plain ? rounded.toPlainString() : Double.toString(rounded.doubleValue()));
    }

    @Override
    public StringBuffer format(long number, StringBuffer to, FieldPosition position) {
        return to.append(number);
    }

    @Override
    public Number parse(String source, ParsePosition position) {
        throw new UnsupportedOperationException("numbers are only shown");
    }
}
