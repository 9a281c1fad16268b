package replklab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The native libraries that {@code pom.xml} takes on systems where nothing has ever run: Maven Central has each of them. To
 * download all would be 278 MB ({@code ./mvnw -Plinux-arm64 dependency:resolve} does it for one system).
 */
class OtherSystemsTest {
    private static final String CENTRAL = "https://repo.maven.apache.org/maven2/";

    private static final XPath XPATH = XPathFactory.newInstance().newXPath();

    private final Document pom;

    OtherSystemsTest() throws Exception {
        pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-arm64", "macosx-x86_64", "macosx-arm64", "windows-x86_64"})
    void centralHasTheNativeLibraries(String system) throws Exception {
        String classifier = text("/project/profiles/profile[id='" + system + "']/properties/native.classifier");
        assertThat(classifier).isEqualTo(system);
        List<URI> files = natives(classifier);
        assertThat(files).hasSizeGreaterThan(5);
        List<URI> missing = new ArrayList<>();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            for (URI file : files) {
                HttpRequest request = HttpRequest.newBuilder(file)
                        .timeout(Duration.ofSeconds(20))
                        .HEAD()
                        .build();
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                Assumptions.assumeTrue(status == 200 || status == 404, file + " was answered with status " + status);
                if (status == 404) {
                    missing.add(file);
                }
            }
        } catch (IOException e) {
            Assumptions.abort("Maven Central cannot be reached from here: " + e);
        }
        assertThat(missing).isEmpty();
    }

    /** Where the dependencies with {@code ${native.classifier}} lie. */
    private List<URI> natives(String classifier) throws Exception {
        NodeList found = (NodeList) XPATH.evaluate(
                "/project/dependencies/dependency[classifier='${native.classifier}']", pom, XPathConstants.NODESET);
        List<URI> files = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            Element dependency = (Element) found.item(i);
            String group = child(dependency, "groupId");
            String artifact = child(dependency, "artifactId");
            String version = child(dependency, "version");
            files.add(URI.create(CENTRAL
                    + "%s/%s/%s/%2$s-%3$s-%s.jar".formatted(group.replace('.', '/'), artifact, version, classifier)));
        }
        return files;
    }

    /** A child's text, a property in it resolved. */
    private String child(Element dependency, String name) throws Exception {
        String text = dependency.getElementsByTagName(name).item(0).getTextContent();
        return text.startsWith("${") ? text("/project/properties/" + text.substring(2, text.length() - 1)) : text;
    }

    private String text(String path) throws Exception {
        return XPATH.evaluate(path, pom);
    }
}
