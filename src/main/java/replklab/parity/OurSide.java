package replklab.parity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import replklab.analysis.EffectiveReceptiveField;
import replklab.analysis.ImageSource;
import replklab.model.Backbone;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Layer;
import replklab.tensor.ChannelsFirst;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;
import replklab.weights.Weights;

/** What this library computes of a case, by the names under which the authors' side gives the same; channels first. */
final class OurSide {
    private final ParityCase what;
    private final RepLKNetTrunk network;
    private final Tensor x;

    OurSide(ParityCase what, RepLKNetTrunk network, Tensor x) {
        this.what = what;
        this.network = network;
        this.x = x;
    }

    /** Logits, or a backbone's maps, of the network in some form. */
    static Map<String, float[]> given(String prefix, Layer form, Tensor x) {
        return inference(() -> form instanceof Backbone backbone
                ? maps(prefix, backbone.features(x))
                : Map.of(prefix + "logits", form.forward(x).toArray()));
    }

    /** Every stage's output, before any norm. */
    Map<String, float[]> stages() {
        List<Integer> all = IntStream.rangeClosed(0, lastStage()).boxed().toList();
        RepLKNetBackbone bare = RepLKNetBackbone.of(network, all, false);
        Map<String, float[]> stages = new LinkedHashMap<>();
        inference(() -> maps("", bare.features(x)))
                .forEach((name, values) -> stages.put("stage" + name.substring(3), values));
        return stages;
    }

    private int lastStage() {
        return what.stages().isEmpty()
                ? what.config().channels().size() - 1
                : what.stages().getLast();
    }

    /** The contribution score. */
    Map<String, float[]> score() {
        double[] total =
                EffectiveReceptiveField.of(network).score(ImageSource.of(x)).total();
        float[] score = new float[total.length];
        for (int i = 0; i < score.length; i++) {
            score[i] = (float) total[i];
        }
        return Map.of("score", score);
    }

    /**
     * A training step without its update; the network is in training mode afterwards, with running statistics that moved.
     *
     * @return {@code loss}, {@code training.logits} or maps, {@code gradient.NAME} and {@code after.NAME}
     */
    Map<String, float[]> step() {
        Map<String, float[]> found = new LinkedHashMap<>();
        Layer layer = network.layer();
        layer.train(true);
        try (Tape tape = Tape.training(0)) {
            Tensor loss = switch (network) {
                case RepLKNet classifier -> {
                    Tensor logits = classifier.forward(x);
                    found.put("training.logits", logits.toArray());
                    yield logits.crossEntropy(Targets.labels(what.labels()).smoothed(ParityCase.LABEL_SMOOTHING));
                }
                case RepLKNetBackbone backbone -> {
                    List<Tensor> maps = backbone.features(x);
                    found.putAll(maps("training.", maps));
                    yield weighted(maps);
                }
            };
            tape.backward(loss);
            found.put("loss", new float[] {loss.item()});
            layer.state().forEach((name, variable) -> {
                if (variable.tensor().isParameter()) {
                    found.put(
                            "gradient." + name,
                            Weights.entry(variable, variable.tensor().gradient())
                                    .values());
                }
            });
        }
        layer.state().forEach((name, variable) -> {
            if (!variable.tensor().isParameter()) {
                found.put("after." + name, variable.tensor().toArray());
            }
        });
        return found;
    }

    private Tensor weighted(List<Tensor> maps) {
        Tensor loss = null;
        for (int i = 0; i < maps.size(); i++) {
            Tensor map = maps.get(i);
            Tensor mean =
                    map.multiply(what.lossWeights(i, map.shape().toArray())).mean();
            loss = loss == null ? mean : loss.add(mean);
        }
        return loss;
    }

    /** The loss's weights of every map, channels first, with their shapes as files have them. */
    SequencedMap<String, Tensor> lossWeights() {
        SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
        if (network instanceof RepLKNetBackbone backbone) {
            List<int[]> shapes = new ArrayList<>();
            inference(() -> {
                backbone.features(x).forEach(map -> shapes.add(map.shape().toArray()));
                return shapes;
            });
            for (int i = 0; i < shapes.size(); i++) {
                weights.put("weights." + i, what.lossWeights(i, shapes.get(i)));
            }
        }
        return weights;
    }

    private static Map<String, float[]> maps(String prefix, List<Tensor> maps) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (int i = 0; i < maps.size(); i++) {
            values.put(prefix + "map." + i, ChannelsFirst.values(maps.get(i)));
        }
        return values;
    }

    private static <T> T inference(Supplier<T> work) {
        try (Tape _ = Tape.inference()) {
            return work.get();
        }
    }
}
