package replklab.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.base.UsageException;

/**
 * Reading {@value #IMAGES} image files, as an evaluation does or, with {@link Pass#TRAINING}, a training.
 *
 * @param format {@code jpeg} or {@code png}
 * @param width of each file in pixels
 * @param height of each file in pixels
 * @param resolution side of what a network is given
 * @param pass whether the middle of the picture is wanted or a random part
 */
public record DataCase(String format, int width, int height, int resolution, Pass pass) implements BenchCase {
    /** Files read in one call. */
    public static final int IMAGES = 256;

    /** Images of a batch, each of which one thread makes. */
    public static final int BATCH = 8;

    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

    public DataCase {
        SampleImages.requireFormat(format);
        UsageException.requireAtLeast("width", width, 32);
        UsageException.requireAtLeast("height", height, 32);
        UsageException.requireAtLeast("resolution", resolution, 32);
    }

    /**
     * Reads a size as the command line has it.
     *
     * @param text {@code WxH}, such as {@code 500x375}
     * @return width and height
     */
    public static int[] size(String text) {
        Matcher match = SIZE.matcher(text);
        if (!match.matches()) {
            throw new UsageException("size '" + text + "' is not of the form WxH, such as 500x375");
        }
        return new int[] {Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2))};
    }

    /** Width and height, as {@link #size} reads them. */
    public String size() {
        return width + "x" + height;
    }

    @Override
    public String label() {
        return format + " " + size() + " to " + resolution + " " + pass.key();
    }

    @Override
    public SequencedMap<String, Object> fields() {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", format);
        fields.put("width", width);
        fields.put("height", height);
        fields.put("resolution", resolution);
        fields.put("pass", pass.key());
        return fields;
    }

    @Override
    public SequencedMap<String, String> columns() {
        SequencedMap<String, String> columns = new LinkedHashMap<>();
        columns.put("images", format + " " + size());
        columns.put("pass", pass.key());
        return columns;
    }

    @Override
    public int images() {
        return IMAGES;
    }

    @Override
    public Map<String, Object> rates(double milliseconds, FmaPeak peak) {
        return Map.of("images_per_second", imagesPerSecond(milliseconds));
    }

    @Override
    public double weight() {
        return 1;
    }
}
