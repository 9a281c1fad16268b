package replklab.bench;

import java.util.Locale;

/** What is benchmarked: a subcommand of {@code ./lab bench} each. */
public enum BenchKind {
    /** One depthwise convolution. */
    CONV(
            "Depthwise convolution beside the peers",
            "torch is the fastest of eager and compiled in both layouts, torch-fft its Fourier transforms in place of its"
                    + " convolution. GFLOP/s count multiplications by pixels, not by padding."),
    /** A whole network. */
    MODEL("Whole networks beside the peers", "torch is the fastest of eager and compiled in both layouts."),
    /** Reading images from files. */
    DATA(
            "Reading images beside the peers",
            DataCase.IMAGES + " files, in batches of " + DataCase.BATCH
                    + ", decoded, resized bicubically and normalised"
                    + " on all threads. forward is what an evaluation does: the shorter side to resolution / 0.875, and"
                    + " the centre; training is a random part of 8 to 100 % of the area. Ours and pillow come to the same"
                    + " bytes; torchvision is the faster of its transforms of PIL images and of tensors, whose"
                    + " bicubic filter rounds otherwise, in a DataLoader with as many workers.");

    private final String title;
    private final String remark;

    BenchKind(String title, String remark) {
        this.title = title;
        this.remark = remark;
    }

    /** As the command line and the files name it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Title of the page. */
    String title() {
        return title;
    }

    /** What a reader of the page has to know of this kind. */
    String remark() {
        return remark;
    }

    /** Whether images a second are shown rather than milliseconds. */
    boolean countsImages() {
        return this != CONV;
    }
}
