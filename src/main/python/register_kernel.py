"""Registers the Java kernel of this checkout with the Jupyter of the environment that runs this script.

JJava's own kernelspec starts whatever `java` comes first on PATH, without the library. This one names the JDK, the JVM
flags and the class path, and so needs no environment variables and no second JVM.
"""

import argparse
import importlib.metadata
import json
import pathlib
import sys

NAME = "replk-lab"


def jjava_jar():
    """The kernel's jar, as the package jjava installed it."""
    for file in importlib.metadata.files("jjava"):
        if file.name == "jjava.jar":
            return str(pathlib.Path(file.locate()).resolve())
    sys.exit("the Python package jjava holds no jjava.jar; is it another version than requirements.txt names?")


def kernelspec(java, arguments, classpath):
    """The kernelspec as a dictionary: `arguments` is a Java argument file, or None."""
    return {
        "argv": [
            java,
            *([f"@{arguments}"] if arguments else []),
            "-cp",
            f"{jjava_jar()}:{classpath}",
            "replklab.notebook.KernelMain",
            "{connection_file}",
        ],
        "display_name": "Java 25 (RepLK Lab)",
        "language": "java",
        "interrupt_mode": "message",
        "env": {
            "OMP_WAIT_POLICY": "passive",
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True, help="the java program of a JDK 25")
    parser.add_argument("--arguments", help="a Java argument file with the JVM's flags")
    parser.add_argument("--classpath", required=True, help="what notebooks see besides the kernel")
    parser.add_argument("--prefix", default=sys.prefix, help="the environment to register in (default: this one)")
    options = parser.parse_args()
    folder = pathlib.Path(options.prefix, "share", "jupyter", "kernels", NAME)
    folder.mkdir(parents=True, exist_ok=True)
    spec = kernelspec(options.java, options.arguments, options.classpath)
    (folder / "kernel.json").write_text(json.dumps(spec, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
