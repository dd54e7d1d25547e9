def moved(point, step):
    return {"x": point["x"] + step, "y": point["y"] - step, "steps": point["steps"] + 1}

def main():
    point = {"x": 0.0, "y": 0.0, "steps": 0}
    best = {"near": 1.0e9, "at": 0}
    for i in range(1000000):
        point = moved(point, i % 7 - 3)
        distance = point["x"] * point["x"] + point["y"] * point["y"]
        if distance < best["near"]:
            best["near"] = distance
            best["at"] = i
        point["x"] = point["x"] + 0.5
    return [point["steps"], point["x"], point["y"], best["near"], best["at"]]

print(main())
