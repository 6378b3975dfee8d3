using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>
/// A small one-stage detector (Redmon and Farhadi 2016, 2018). Each of 8×8 cells predicts two boxes, whether each box holds an object, and
/// which of 20 classes the object has. A sample's target is the boxes, then 0 or 1 for each box, then 0 or 1 for each class.
/// </summary>
[Network, Input(3, 128, 128), Yolo(Name = "")]
[Output("boxes", From = "box"), Output("objects", From = "object"), Output("classes", From = "class")]
[MeanSquaredError(From = "box", Target = "boxes", Weight = 5)]
[BinaryCrossEntropy(From = "object", Target = "objects")]
[BinaryCrossEntropy(From = "class", Target = "classes")]
public partial class Yolo;
