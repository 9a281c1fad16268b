package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.analysis.ContributionScore;
import replklab.analysis.EffectiveReceptiveField;
import replklab.analysis.FieldGrowth;
import replklab.analysis.FieldSize;
import replklab.analysis.ImageSource;
import replklab.base.UsageException;
import replklab.model.RepLKNet;
import replklab.plot.Picture;
import replklab.table.AreaTable;
import replklab.tensor.Tensor;

class FieldStudyTest {
    private final FieldStudy study = FieldStudy.of(Profile.SMOKE);

    @Test
    void networksDifferInTheirKernelsAlone() {
        assertThat(FieldStudy.names()).containsExactly("3-3-3-3", "7-7-7-7", "13-13-13-13", "31-29-27-13");
        for (String name : FieldStudy.names()) {
            assertThat(FieldStudy.config(name).channels())
                    .isEqualTo(FieldStudy.config("3-3-3-3").channels());
            assertThat(FieldStudy.config(name).layers())
                    .isEqualTo(FieldStudy.config("3-3-3-3").layers());
        }
        assertThatThrownBy(() -> FieldStudy.config("31-29-27-31"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("did you mean 31-29-27-13?");
    }

    @Test
    void imagesAreEnlargedAndTheSameEachTime() {
        ImageSource images = study.images();
        assertThat(images.count()).isEqualTo(2);
        assertThat(images.height()).isEqualTo(64);
        assertThat(images.images(1, 2).toArray())
                .containsExactly(study.images().images(1, 2).toArray());
    }

    /** Norms of a random network must have the images' statistics, or its branches would not count. */
    @Test
    void aRandomNetworksNormsAreCalibrated() {
        RepLKNet network = study.random("7-7-7-7");
        assertThat(network.isTraining()).isFalse();
        float[] variance = network.state()
                .get("stages.0.blocks.0.pw1.bn.running_var")
                .tensor()
                .toArray();
        assertThat(variance).doesNotContain(1);
        Tensor features = network.features(study.images().images(0, 2));
        assertThat(features.toArray()).doesNotContain(Float.NaN);
        ContributionScore score = EffectiveReceptiveField.of(network).score(study.images());
        AreaTable.Row row = FieldFigures.row("small", "random", score);
        assertThat(row.input()).isEqualTo("64x64, 2 images");
        assertThat(row.ratios().get(2)).isEqualTo(score.area(0.5).ratio());
    }

    @Test
    void plainStacksFollowTheLaw() {
        FieldSizes grid = new FieldSizes(List.of(3, 7, 11), List.of(4, 9), 2);
        List<Integer> told = new ArrayList<>();
        List<FieldSize> sizes = grid.plainStacks((done, total, left) -> told.add(done));
        assertThat(told).hasSize(12).endsWith(12);
        FieldGrowth growth = FieldGrowth.of(sizes);
        assertThat(growth.kernel().value()).isCloseTo(1, within(0.15));
        assertThat(growth.depth().value()).isCloseTo(0.5, within(0.15));
        for (FieldSize size : sizes) {
            double theory = Math.sqrt(size.depth() * (size.kernel() * size.kernel() - 1) / 3.0);
            assertThat(size.radius() / theory).isBetween(0.75, 1.25);
        }
    }

    @Test
    void residualNetworksGrowWithTheKernel() {
        FieldSizes grid = new FieldSizes(List.of(3, 9), List.of(1, 2), 1);
        List<FieldSize> sizes = grid.residualNetworks((done, total, left) -> {});
        assertThat(FieldGrowth.of(sizes).kernel().value()).isPositive();
        Map<String, List<FieldSize>> families = new LinkedHashMap<>();
        families.put("RepLKNets", sizes);
        Picture picture = FieldFigures.growth("growth", families);
        assertThat(picture.image().getWidth()).isGreaterThan(1000);
    }

    @Test
    void aPictureOfSeveralFields() {
        double[] bump = new double[32 * 32];
        for (int i = 0; i < bump.length; i++) {
            bump[i] = Math.exp(-0.02 * (Math.pow(i / 32 - 16, 2) + Math.pow(i % 32 - 16, 2)));
        }
        ContributionScore score = ContributionScore.of(32, 32, 1, bump);
        Map<String, ContributionScore> scores = new LinkedHashMap<>();
        scores.put("one", score);
        scores.put("two", score);
        assertThat(FieldFigures.heatMaps("fields", scores, 2).title()).isEqualTo("fields");
        assertThat(FieldFigures.heatMap("field", "one", score).image().getHeight())
                .isGreaterThan(800);
    }
}
