def main():
    total = 0
    for i in range(5000000):
        if i % 3 == 0:
            total += i
        else:
            total -= 1
    return total

print(main())
