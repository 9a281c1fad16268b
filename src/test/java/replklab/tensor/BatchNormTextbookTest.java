package replklab.tensor;

import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import java.util.Arrays;
import org.hipparchus.special.Erf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.NormOperation.BatchNormGradient;

/**
 * Batch norm and its gradient equal the textbook's formulas in double precision, for numbers of channels that fill vectors and
 * rows side by side and for such that leave a rest, and for such that are cut into chunks and pieces.
 */
class BatchNormTextbookTest {
    private static final double EPSILON = 1e-3;

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "5, 1",
        "1000, 1",
        "3, 3",
        "517, 3",
        "31, 8",
        "700, 8",
        "129, 10",
        "65, 16",
        "301, 17",
        "40, 24",
        "1031, 32",
        "77, 33",
        "50, 80",
        "19, 255",
        "33, 256",
        "12, 300",
        "70, 1031",
        "270, 531",
        "2400, 37"
    })
    void equalsTheFormulas(int rows, int channels) {
        for (Activation activation : Activation.values()) {
            check(rows, channels, activation);
        }
    }

    private void check(int rows, int channels, Activation activation) {
        Tensor x = between(rows, -2, 5, rows, channels);
        Tensor dy = uniform(channels, rows, channels);
        Tensor gamma = between(2, 0.5, 3, channels);
        Tensor beta = between(3, -1, 2, channels);
        BatchNormTerms terms =
                new BatchNormTerms(gamma, beta, Tensor.zeros(channels), Tensor.zeros(channels), EPSILON, activation);
        Tensor y = Tensor.empty(x.shape());
        Tensor dx = Tensor.empty(x.shape());
        Tensor dgamma = Tensor.zeros(channels);
        Tensor dbeta = Tensor.zeros(channels);
        Backend.run(new BatchNorm(x, terms, y));
        Backend.run(new BatchNormGradient(x, terms, dy, dx, dgamma, dbeta));

        float[] xs = x.toArray();
        float[] dys = dy.toArray();
        float[] gammas = gamma.toArray();
        float[] betas = beta.toArray();
        double[] wantedY = new double[rows * channels];
        double[] wantedDx = new double[rows * channels];
        double[] wantedDgamma = new double[channels];
        double[] wantedDbeta = new double[channels];
        for (int c = 0; c < channels; c++) {
            channel(
                    c,
                    xs,
                    dys,
                    gammas[c],
                    betas[c],
                    activation,
                    channels,
                    wantedY,
                    wantedDx,
                    wantedDgamma,
                    wantedDbeta);
        }
        String what = rows + " x " + channels + " " + activation;
        assertClose(what + " y", y, wantedY);
        assertClose(what + " dgamma", dgamma, wantedDgamma);
        assertClose(what + " dbeta", dbeta, wantedDbeta);
        assertClose(what + " dx", dx, wantedDx);
    }

    private static void channel(
            int c,
            float[] x,
            float[] dy,
            double gamma,
            double beta,
            Activation activation,
            int channels,
            double[] y,
            double[] dx,
            double[] dgamma,
            double[] dbeta) {
        int rows = x.length / channels;
        double mean = 0;
        for (int row = 0; row < rows; row++) {
            mean += x[row * channels + c] / (double) rows;
        }
        double variance = 0;
        for (int row = 0; row < rows; row++) {
            variance += Math.pow(x[row * channels + c] - mean, 2) / rows;
        }
        double inverse = 1 / Math.sqrt(variance + EPSILON);
        double[] dz = new double[rows];
        for (int row = 0; row < rows; row++) {
            int at = row * channels + c;
            double normed = (x[at] - mean) * inverse;
            double z = gamma * normed + beta;
            y[at] = value(activation, z);
            dz[row] = dy[at] * slope(activation, z);
            dgamma[c] += dz[row] * normed;
            dbeta[c] += dz[row];
        }
        for (int row = 0; row < rows; row++) {
            int at = row * channels + c;
            double normed = (x[at] - mean) * inverse;
            dx[at] = gamma * inverse * (dz[row] - dbeta[c] / rows - normed * dgamma[c] / rows);
        }
    }

    private static double value(Activation activation, double z) {
        return switch (activation) {
            case NONE -> z;
            case RELU -> Math.max(0, z);
            case RELU6 -> Math.clamp(z, 0, 6);
            case SIGMOID -> 1 / (1 + Math.exp(-z));
            case GELU -> z * normal(z);
        };
    }

    private static double slope(Activation activation, double z) {
        return switch (activation) {
            case NONE -> 1;
            case RELU -> z > 0 ? 1 : 0;
            case RELU6 -> z > 0 && z < 6 ? 1 : 0;
            case SIGMOID -> value(activation, z) * (1 - value(activation, z));
            case GELU -> normal(z) + z * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        };
    }

    /** The normal distribution's integral. */
    private static double normal(double z) {
        return (1 + Erf.erf(z / Math.sqrt(2))) / 2;
    }

    private static void assertClose(String what, Tensor actual, double[] wanted) {
        double[] sizes = new double[wanted.length];
        Arrays.fill(
                sizes, Math.max(1, Arrays.stream(wanted).map(Math::abs).max().orElse(0)));
        TermByTerm.close(what, actual.toArray(), wanted, sizes, 2e-5);
    }
}
