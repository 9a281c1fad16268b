package replklab.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a training ended because its loss was no longer a finite number: a result, the same each time it is repeated.
 *
 * @param step the first one whose loss is not finite, from 1; of an evaluation the last step before it
 * @param epoch that it belongs to, from 1
 * @param layer the first one whose weights, or else whose output, are not finite, by its dotted name in weight files
 * @param what the number that was not finite, such as {@code "training loss NaN"}
 */
public record Divergence(long step, int epoch, String layer, String what) {
    /** Where, in words: {@code "at step 7 in stages.0.blocks.0.pw1.conv"}. */
    public String place() {
        return "at step " + step + " in " + layer;
    }

    /** All of it, with what may help. */
    @Override
    public String toString() {
        return "diverged " + place() + " (" + what
                + "); a lower learning rate or gradient clipping (training.clipNorm) may help";
    }

    Map<String, String> asMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("diverged_step", String.valueOf(step));
        map.put("diverged_epoch", String.valueOf(epoch));
        map.put("diverged_layer", layer);
        map.put("diverged_what", what);
        return map;
    }

    /** What {@link #asMap} gave, if it is there. */
    static Optional<Divergence> of(Map<String, String> map) {
        return map.containsKey("diverged_step")
                ? Optional.of(new Divergence(
                        Long.parseLong(map.get("diverged_step")),
                        Integer.parseInt(map.get("diverged_epoch")),
                        map.get("diverged_layer"),
                        map.get("diverged_what")))
                : Optional.empty();
    }
}
