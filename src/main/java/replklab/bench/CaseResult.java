package replklab.bench;

import java.util.List;

/**
 * A measured case.
 *
 * @param label the case's
 * @param measured one an implementation
 * @param leftOut who was not measured
 */
public record CaseResult(String label, List<Measured> measured, List<LeftOut> leftOut) {
    public CaseResult {
        measured = List.copyOf(measured);
        leftOut = List.copyOf(leftOut);
    }
}
