package replklab.bench;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import replklab.base.UsageException;

/** Networks that the peers have and the library has not, made by timm with random weights: what RepLKNet is compared with. */
final class PeerNetworks {
    /** Swin-B, which the paper's tables have beside RepLKNet-31B. */
    static final String SWIN_B = "swin-b";

    /** timm refuses smaller images: four halvings of patches of four pixels. */
    private static final int SMALLEST = 32;
    /** From this size on Swin's authors have windows of 12 in the place of 7. */
    private static final int WIDE_WINDOWS = 384;

    private PeerNetworks() {}

    static boolean has(String model) {
        return model.equals(SWIN_B);
    }

    /** Throws unless such a network takes images of this size. */
    static void check(String model, int resolution) {
        if (resolution < SMALLEST || resolution % SMALLEST != 0) {
            throw new UsageException("resolution is " + resolution + "; " + model + " takes multiples of " + SMALLEST);
        }
    }

    /** What PyTorch is told of a case: its fields, timm's name of the network, and {@code channels}. */
    static SequencedMap<String, Object> forPyTorch(SequencedMap<String, Object> fields) {
        SequencedMap<String, Object> told = new LinkedHashMap<>(fields);
        boolean wide = (int) fields.get("resolution") >= WIDE_WINDOWS;
        told.put("timm", wide ? "swin_base_patch4_window12_384" : "swin_base_patch4_window7_224");
        told.put("channels", 3);
        return told;
    }
}
