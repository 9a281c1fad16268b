package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import replklab.base.UsageException;

/**
 * Which algorithm computed what: the part of a run that may differ between two machines, or before and after new
 * measurements, and that decides its last bits. Logged with a run, and read back to repeat it.
 *
 * @param vectorBits width of the vectors; other widths round differently in the Fourier transforms' order of sums
 * @param choices the algorithm of each task
 */
public record DepthwisePlan(int vectorBits, Map<DepthwiseTask, Algorithm> choices) {
    private static final String TITLE = "depthwise plan, vectors of ";

    public DepthwisePlan {
        choices = Map.copyOf(choices);
        choices.forEach((task, algorithm) -> {
            if (!task.candidates().contains(algorithm)) {
                throw new UsageException("depthwise plan: " + task + " cannot be computed by " + algorithm.label()
                        + "; "
                        + "possible: "
                        + task.candidates().stream().map(Algorithm::label).collect(Collectors.joining(", ")));
            }
        });
    }

    static DepthwisePlan of(Map<DepthwiseTask, Algorithm> choices) {
        return new DepthwisePlan(SPECIES.vectorBitSize(), choices);
    }

    /** The plan as text: a title, then a line a choice, sorted. */
    public String text() {
        return TITLE + vectorBits + " bits\n"
                + choices.entrySet().stream()
                        .map(choice ->
                                choice.getKey() + ": " + choice.getValue().label() + "\n")
                        .sorted(Comparator.naturalOrder())
                        .collect(Collectors.joining());
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @param source what to call the text in errors, such as its file
     */
    public static DepthwisePlan parse(String text, String source) {
        String[] lines = text.strip().split("\\R");
        if (!lines[0].startsWith(TITLE) || !lines[0].endsWith(" bits")) {
            throw new UsageException(source + " is no depthwise plan: its first line is '" + lines[0]
                    + "' and should be '" + TITLE + SPECIES.vectorBitSize() + " bits'");
        }
        try {
            int bits = Integer.parseInt(lines[0].substring(TITLE.length(), lines[0].length() - " bits".length()));
            Map<DepthwiseTask, Algorithm> choices = new LinkedHashMap<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].lastIndexOf(": ");
                if (colon < 0) {
                    throw new UsageException("'" + lines[i] + "' is no choice; one looks like"
                            + " '4x64x56x56 kernel 31 stride 1 dilation 1 forward: fft'");
                }
                choices.put(
                        DepthwiseTask.parse(lines[i].substring(0, colon)), Algorithm.of(lines[i].substring(colon + 2)));
            }
            return new DepthwisePlan(bits, choices);
        } catch (UsageException | NumberFormatException e) {
            throw new UsageException(source + ": " + e.getMessage());
        }
    }
}
