// Datasets: labelled pictures, which of them a run sees, and how its answers are judged.
//
// A data set is a value that names its classes and parts; a part (`Split`) is an ordered list of items
// in a source, and nothing is read or drawn before a batch of images is asked for. The order of a list
// is part of its meaning: few-shot draws are made by position, as the published code makes them.
//
// - `Dataset`, `Dataset+Opening`, `PictureFolder`, `Directory`: finding a data set, checking a folder
// - `ItemList`, `ListCheck`, `Overlap`: lists, what is wrong with them, pictures in two parts
// - `Split`, `Split+Batches`, `PictureSource`: lists, draws, batches, images as tensors
// - `FewShot`, `MersenneTwister`: the official draws, number for number
// - `Preprocessing`, `Augmentation`: what a model is shown, in evaluation and in training
// - `Evaluation`, `Aggregation`: metrics of a run; means over seeds and data sets, each by its name
// - `ShapesWorld/`: the drawn pictures, from hash to byte
//
// Pictures are decoded and resized by `Pictures`; the target knows no model and no script.
