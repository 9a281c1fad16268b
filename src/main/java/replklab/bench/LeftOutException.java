package replklab.bench;

import replklab.base.LabException;

/** An implementation cannot take part in a case, and why: it is left out and the others go on. */
public final class LeftOutException extends LabException {
    private static final long serialVersionUID = 1L;

    public LeftOutException(String reason) {
        super(reason);
    }
}
