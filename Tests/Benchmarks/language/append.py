def main():
    text = ""
    for i in range(200000):
        text += "item "
    return text

print(len(main()))
