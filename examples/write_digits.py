"""Writes the 1,797 handwritten digits that come with scikit-learn as a folder of pictures.

usage: python examples/write_digits.py FOLDER

FOLDER/<name of the digit>/<number>.png: 8 x 8 grey pictures enlarged four times without smoothing, one
subfolder a class, ready for dataset("FOLDER") in Duet. Needs scikit-learn and Pillow.
"""
import pathlib
import sys

NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.split("\n\n")[1])
    try:
        from PIL import Image
        from sklearn.datasets import load_digits
    except ImportError as error:
        sys.exit(f"{error}: install scikit-learn and Pillow, as in `pip install scikit-learn pillow`")
    root = pathlib.Path(sys.argv[1])
    digits = load_digits()
    for number, (pixels, label) in enumerate(zip(digits.images, digits.target)):
        folder = root / NAMES[label]
        folder.mkdir(parents=True, exist_ok=True)
        picture = Image.fromarray((pixels * 255 / 16).round().astype("uint8"))
        picture.resize((32, 32), Image.NEAREST).save(folder / f"{number:04}.png")
    print(f"{len(digits.images)} pictures in {root}")


if __name__ == "__main__":
    main()
