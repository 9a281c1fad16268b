package replklab.experiment;

/** A small experiment's file, and changes to it. */
final class Yaml {
    static final String TEXT = """
            # An experiment for tests.
            title: Shortcuts in small
            question: Do they matter?
            scale: Tiny.
            paper: {table: table02-shortcut, column: imagenet_top1}
            data: {name: fashion-mnist}
            model:
              name: mobilenetv2
              width: 0.25
              stemStride: 1
              strides: [1, 2, 1, 1, 1, 1, 1]
              lastChannels: 16
            training:
              learningRate: 0.02
              epochs: 2
              batchSize: 6
            variants:
              shortcut: {with: true, without: false}
              kernel: [3]
            effects:
              - name: kernel 3 without shortcuts
                of: {shortcut: without, kernel: 3}
                minus: {shortcut: with, kernel: 3}
                ours: "It {gains|loses} {size}"
                paper: "{gained|lost} {size}"
            profiles:
              smoke:
                seeds: 2
              quick:
                seeds: 3
                training: {epochs: 3}
              full:
                seeds: 5
                training:
                  epochs: 5
            """;

    private Yaml() {}

    /** The file with one piece of it replaced. */
    static String with(String piece, String other) {
        if (!TEXT.contains(piece)) {
            throw new AssertionError("the file has no " + piece);
        }
        return TEXT.replace(piece, other);
    }

    static Experiment smoke(String text) {
        return Experiments.parse("tiny", text, Profile.SMOKE);
    }
}
