package replklab.notebook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.BoxSeries;
import org.knowm.xchart.BubbleSeries;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYSeries;

/**
 * Infinities in the series of an XChart chart, taken for NaN while it is drawn: XChart throws at the one and leaves a gap for the
 * other. Of series that cannot be changed from outside (of shares) XChart itself says that it refuses them.
 */
final class HiddenInfinities implements AutoCloseable {
    private final List<Runnable> undo = new ArrayList<>();
    private int count;

    /** Hides what there is until it is closed. */
    HiddenInfinities(Collection<?> series) {
        // Lambdas, since a method reference names the internal class that declares the method.
        for (Object one : series) {
            switch (one) {
                case XYSeries s ->
                    hide(s.getXData(), s.getYData(), s.getExtraValues(), (x, y, extra) -> s.replaceData(x, y, extra));
                case BubbleSeries s ->
                    hide(s.getXData(), s.getYData(), s.getExtraValues(), (x, y, extra) -> s.replaceData(x, y, extra));
                case CategorySeries s ->
                    hide(s.getXData(), s.getYData(), s.getExtraValues(), (x, y, extra) -> s.replaceData(x, y, extra));
                case BoxSeries s -> hide(s.getXData(), s.getYData(), null, (x, y, extra) -> s.replaceData(y));
                default -> {}
            }
        }
    }

    private interface Numbers {
        void replace(double[] x, double[] y, double[] extra);
    }

    private interface Categories {
        void replace(List<?> x, List<? extends Number> y, List<? extends Number> extra);
    }

    private void hide(double[] x, double[] y, double[] extra, Numbers series) {
        int before = count;
        double[] finiteX = finite(x);
        double[] finiteY = finite(y);
        double[] finiteExtra = finite(extra);
        if (count > before) {
            series.replace(finiteX, finiteY, finiteExtra);
            undo.add(() -> series.replace(x, y, extra));
        }
    }

    private void hide(
            Collection<?> x, Collection<? extends Number> y, Collection<? extends Number> extra, Categories series) {
        int before = count;
        List<?> places = new ArrayList<>(x);
        List<Number> finiteY = finite(y);
        List<Number> finiteExtra = finite(extra);
        if (count > before) {
            List<Number> allY = new ArrayList<>(y);
            List<Number> allExtra = extra == null ? null : new ArrayList<>(extra);
            series.replace(places, finiteY, finiteExtra);
            undo.add(() -> series.replace(places, allY, allExtra));
        }
    }

    private double[] finite(double[] values) {
        return values == null ? null : DoubleStream.of(values).map(this::finite).toArray();
    }

    private List<Number> finite(Collection<? extends Number> values) {
        if (values == null) {
            return null;
        }
        List<Number> finite = new ArrayList<>();
        values.forEach(value -> finite.add(value == null ? null : (Number) finite(value.doubleValue())));
        return finite;
    }

    private double finite(double value) {
        if (Double.isInfinite(value)) {
            count++;
            return Double.NaN;
        }
        return value;
    }

    /** How many infinities are hidden, in words; empty for none. */
    String words() {
        return count == 0 ? "" : count + (count == 1 ? " infinite value is" : " infinite values are") + " left out";
    }

    /** Gives the series their infinities back. */
    @Override
    public void close() {
        undo.forEach(Runnable::run);
        undo.clear();
    }
}
