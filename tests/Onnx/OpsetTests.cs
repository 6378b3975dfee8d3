using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Every operator in the forms of its operator sets: normal form has ONNX Runtime's shapes and computes its values.</summary>
public class OpsetTests
{
    private static readonly int[] Ones = [1, 1, 1, 1];

    /// <summary>Cases by name: the first operator set, and the model.</summary>
    private static readonly Dictionary<string, (int Opset, Action<ModelBuilder> Build)> Models = new()
    {
        ["Clip 7"] = (7, m => m.Input("x", 1, 9).Node("Clip", "x", "y", ("min", -0.5), ("max", 0.25))),
        ["Clip 11"] = (11, m => m.Input("x", 1, 9).Floats("min", [], -0.5f).Floats("max", [], 0.25f).Node("Clip", "x,min,max", "y")),
        ["Clip 13, minimum only"] = (13, m => m.Input("x", 1, 9).Floats("min", [], -0.5f).Node("Clip", "x,min", "y")),
        ["Clip 13, maximum only"] = (13, m => m.Input("x", 1, 9).Floats("max", [], 0.5f).Node("Clip", "x,,max", "y")),
        ["Pad 7"] = (7, m => m.Input("x", 1, 2, 3, 3).Node("Pad", "x", "y", ("pads", new[] { 0, 0, 1, 2, 0, 0, 3, 4 }), ("value", 0.5))),
        ["Pad 11"] = (11, m => m.Input("x", 1, 2, 3, 3).List("p", 0, 0, 1, 2, 0, 0, 3, 4).Floats("v", [], 2).Node("Pad", "x,p,v", "y")),
        ["Pad 11, reflect"] = (11, m => m.Input("x", 1, 2, 4, 4).List("p", 0, 0, 1, 2, 0, 0, 3, 1)
            .Node("Pad", "x,p", "y", ("mode", "reflect"))),
        ["Pad 18, edge, axes"] = (18, m => m.Input("x", 1, 2, 4, 4).List("p", 1, 2).List("a", -1)
            .Node("Pad", "x,p,,a", "y", ("mode", "edge"))),
        ["Pad 19, wrap"] = (19, m => m.Input("x", 1, 2, 4, 4).List("p", 0, 0, 1, 2, 0, 0, 3, 1).Node("Pad", "x,p", "y", ("mode", "wrap"))),
        ["Pad 11, negative"] = (11, m => m.Input("x", 1, 2, 4, 4).List("p", 0, 0, -1, 2, 0, 0, 1, -2).Node("Pad", "x,p", "y")),
        ["Slice 7"] = (7, m => m.Input("x", 1, 4, 6)
            .Node("Slice", "x", "y", ("starts", new[] { 1, -3 }), ("ends", new[] { 3, 100 }), ("axes", new[] { 1, 2 }))),
        ["Slice 10"] = (10, m => m.Input("x", 1, 4, 6).List("s", 1, 0).List("e", 4, -1).List("a", 1, 2).List("t", 2, 3)
            .Node("Slice", "x,s,e,a,t", "y")),
        ["Slice 11, negative axis"] = (11, m => m.Input("x", 1, 4, 6).List("s", 1).List("e", long.MaxValue).List("a", -2)
            .Node("Slice", "x,s,e,a", "y")),
        ["Slice 13, backwards"] = (13, m => m.Input("x", 1, 4, 6).List("s", -1, 4).List("e", long.MinValue, 0).List("a", 1, 2)
            .List("t", -1, -2)
            .Node("Slice", "x,s,e,a,t", "y")),
        ["Slice 13, of a slice"] = (13, m => m.Input("x", 1, 9, 9).List("s", 1).List("e", 9).List("a", 1).List("b", 2).List("t", 2)
            .List("u", 3)
            .Node("Slice", "x,s,e,a,t", "z").Node("Slice", "z,s,e,a,t", "w").Node("Slice", "w,s,e,b,u", "y")),
        ["Squeeze 7"] = (7, m => m.Input("x", 1, 3, 1, 5).Node("Squeeze", "x", "y", ("axes", new[] { 2 }))),
        ["Squeeze 7, all"] = (7, m => m.Input("x", 1, 3, 1, 5).Node("Squeeze", "x", "y")),
        ["Squeeze 13"] = (13, m => m.Input("x", 1, 3, 1, 5).List("a", -2).Node("Squeeze", "x,a", "y")),
        ["Unsqueeze 7"] = (7, m => m.Input("x", 1, 3).Node("Unsqueeze", "x", "y", ("axes", new[] { 1, 3 }))),
        ["Unsqueeze 13"] = (13, m => m.Input("x", 1, 3).List("a", -1, 1).Node("Unsqueeze", "x,a", "y")),
        ["Flatten 9"] = (9, m => m.Input("x", 1, 3, 4, 5).Node("Flatten", "x", "y", ("axis", 2))),
        ["Flatten 13"] = (13, m => m.Input("x", 1, 3, 4, 5).Node("Flatten", "x", "y", ("axis", -1))),
        ["Reshape 7"] = (7, m => m.Input("x", 1, 3, 4, 5).List("s", 0, -1, 5).Node("Reshape", "x,s", "y")),
        ["Reshape 14, of a reshape"] = (14, m => m.Input("x", 1, 3, 4, 5).List("s", 0, -1).List("t", 1, 3, 20).Node("Reshape", "x,s", "z")
            .Node("Reshape", "z,t", "y")),
        ["Transpose 7"] = (7, m => m.Input("x", 1, 3, 4, 5).Node("Transpose", "x", "y", ("perm", new[] { 0, 2, 3, 1 }))),
        ["Transpose 7, all"] = (7, m => m.Input("x", 1, 3, 4).Node("Transpose", "x", "y")),
        ["Transpose 13, of ones"] = (13, m => m.Input("x", 1, 3, 1, 5).Node("Transpose", "x", "y", ("perm", new[] { 0, 2, 1, 3 }))),
        ["Split 7"] = (7, m => m.Input("x", 1, 6, 2).Node("Split", "x", "a,y,b", ("axis", 1)).Output("a", "b")),
        ["Split 11"] = (11, m => m.Input("x", 1, 6, 2).Node("Split", "x", "a,y", ("axis", -2), ("split", new[] { 1, 5 })).Output("a")),
        ["Split 13"] = (13, m => m.Input("x", 1, 6, 2).List("s", 2, 4).Node("Split", "x,s", "a,y", ("axis", 1)).Output("a")),
        ["Split 18"] = (18, m => m.Input("x", 1, 7, 2).Node("Split", "x", "a,b,y", ("axis", 1), ("num_outputs", 3)).Output("a", "b")),
        ["Gather 7, one"] = (7, m => m.Input("x", 1, 6, 2).Integers("i", [], -2).Node("Gather", "x,i", "y", ("axis", 1))),
        ["Gather 11, progression"] = (11, m => m.Input("x", 1, 6, 2).List("i", 5, 3, 1).Node("Gather", "x,i", "y", ("axis", 1))),
        ["Gather 13, any"] = (13, m => m.Input("x", 1, 6, 2).Integers("i", [2, 2], 5, 3, 1, 1).Node("Gather", "x,i", "y", ("axis", 1))),
        ["Gather 13, a table"] = (13, m => m.Input("x", 1, 6, 2).Integers("i", [2, 2], 0, 1, 2, 3).Node("Gather", "x,i", "y", ("axis", 1))),
        ["Concat 7"] = (7, m => m.Input("x", 1, 2, 3).Node("Relu", "x", "a").Noise("c", 1, 4, 3).Node("Concat", "x,a,c", "y", ("axis", 1))),
        ["Concat 13"] = (13, m => m.Input("x", 1, 2, 3).Node("Relu", "x", "a").Node("Concat", "x,a", "y", ("axis", -1))),
        ["Expand 8"] = (8, m => m.Input("x", 1, 3, 1).List("s", 1, 3, 4).Node("Expand", "x,s", "y")),
        ["Expand 13, more axes"] = (13, m => m.Input("x", 1, 3).List("s", 1, 2, 1, 3).Node("Expand", "x,s", "y")),
        ["Tile 7"] = (7, m => m.Input("x", 1, 3, 2).List("r", 1, 2, 3).Node("Tile", "x,r", "y")),
        ["DepthToSpace 7"] = (7, m => m.Input("x", 1, 8, 2, 3).Node("DepthToSpace", "x", "y", ("blocksize", 2))),
        ["DepthToSpace 11, CRD"] = (11, m => m.Input("x", 1, 8, 2, 3).Node("DepthToSpace", "x", "y", ("blocksize", 2), ("mode", "CRD"))),
        ["SpaceToDepth 7"] = (7, m => m.Input("x", 1, 2, 4, 6).Node("SpaceToDepth", "x", "y", ("blocksize", 2))),
        ["Conv 7"] = (7, m => m.Input("x", 1, 4, 9, 8).Noise("w", 6, 2, 3, 2).Noise("b", 6).Node(
            "Conv", "x,w,b", "y", ("group", 2), ("strides", new[] { 2, 1 }), ("dilations", new[] { 1, 2 }),
                ("pads", new[] { 1, 0, 2, 1 }))),
        ["Conv 11, without anything"] = (11, m => m.Input("x", 1, 4, 9, 8).Noise("w", 6, 4, 3, 2).Node("Conv", "x,w", "y")),
        ["Conv 11, one axis"] = (11, m => m.Input("x", 1, 4, 9).Noise("w", 6, 4, 3).Node("Conv", "x,w", "y", ("pads", new[] { 1, 1 }))),
        ["Conv 11, three axes"] = (11, m => m.Input("x", 1, 2, 5, 6, 7).Noise("w", 3, 2, 3, 3, 3)
            .Node("Conv", "x,w", "y", ("strides", new[] { 1, 2, 1 }))),
        ["Conv 11, same upper"] = (11, m => m.Input("x", 1, 4, 9, 8).Noise("w", 6, 4, 4, 3)
            .Node("Conv", "x,w", "y", ("auto_pad", "SAME_UPPER"), ("strides", new[] { 2, 2 }))),
        ["Conv 11, same lower"] = (11, m => m.Input("x", 1, 4, 9, 8).Noise("w", 6, 4, 4, 2)
            .Node("Conv", "x,w", "y", ("auto_pad", "SAME_LOWER"), ("strides", new[] { 2, 3 }))),
        ["Conv 11, same, kernel below stride"] = (11, m => m.Input("x", 1, 4, 9, 8).Noise("w", 6, 4, 1, 1)
            .Node("Conv", "x,w", "y", ("auto_pad", "SAME_UPPER"), ("strides", new[] { 2, 3 }))),
        ["Conv 11, valid"] = (11, m => m.Input("x", 1, 4, 9, 8).Noise("w", 6, 4, 4, 2).Node("Conv", "x,w", "y", ("auto_pad", "VALID"))),
        ["ConvTranspose 7"] = (7, m => m.Input("x", 1, 4, 5, 6).Noise("w", 4, 3, 3, 2).Noise("b", 6).Node(
            "ConvTranspose", "x,w,b", "y", ("group", 2), ("strides", new[] { 2, 3 }), ("pads", new[] { 1, 0, 1, 1 }),
                ("output_padding", new[] { 1, 0 }))),
        ["ConvTranspose 11, shape"] = (11, m => m.Input("x", 1, 4, 5, 6).Noise("w", 4, 3, 3, 4).Node(
            "ConvTranspose", "x,w", "y", ("strides", new[] { 2, 2 }), ("output_shape", new[] { 10, 11 }))),
        ["ConvTranspose 11, same upper"] = (11, m => m.Input("x", 1, 4, 5, 6).Noise("w", 4, 3, 3, 4).Node(
            "ConvTranspose", "x,w", "y", ("strides", new[] { 2, 2 }), ("auto_pad", "SAME_UPPER"))),
        ["ConvTranspose 11, same lower"] = (11, m => m.Input("x", 1, 4, 5, 6).Noise("w", 4, 3, 3, 4).Node(
            "ConvTranspose", "x,w", "y", ("strides", new[] { 2, 2 }), ("auto_pad", "SAME_LOWER"))),
        ["ConvTranspose 11, dilated"] = (11, m => m.Input("x", 1, 4, 5, 6).Noise("w", 4, 3, 3, 2).Node(
            "ConvTranspose", "x,w", "y", ("dilations", new[] { 2, 3 }))),
        ["MaxPool 7"] = (7, m => m.Input("x", 1, 2, 9, 8)
            .Node("MaxPool", "x", "y", ("kernel_shape", new[] { 3, 2 }), ("strides", new[] { 2, 2 }), ("pads", Ones))),
        ["MaxPool 10, ceil, dilated"] = (10, m => m.Input("x", 1, 2, 9, 10).Node(
            "MaxPool", "x", "y", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 3, 3 }), ("dilations", new[] { 2, 3 }),
                ("ceil_mode", 1))),
        ["MaxPool 12, ceil, padded"] = (12, m => m.Input("x", 1, 2, 6, 7).Node(
            "MaxPool", "x", "y", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 3, 3 }), ("pads", Ones), ("ceil_mode", 1))),
        ["MaxPool 12, same"] = (12, m => m.Input("x", 1, 2, 6, 7).Node(
            "MaxPool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("auto_pad", "SAME_UPPER"))),
        ["AveragePool 7"] = (7, m => m.Input("x", 1, 2, 6, 7)
            .Node("AveragePool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", Ones))),
        ["AveragePool 10, ceil"] = (10, m => m.Input("x", 1, 2, 6, 7).Node(
            "AveragePool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1))),
        ["AveragePool 11, with pads"] = (11, m => m.Input("x", 1, 2, 6, 7).Node(
            "AveragePool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", Ones), ("count_include_pad", 1))),
        ["AveragePool 11, same lower"] = (11, m => m.Input("x", 1, 2, 6, 7).Node(
            "AveragePool", "x", "y", ("kernel_shape", new[] { 2, 3 }), ("auto_pad", "SAME_LOWER"))),
        ["LpPool 11"] = (11, m => m.Input("x", 1, 2, 6, 7)
            .Node("LpPool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 1 }))),
        ["Global pools 7"] = (7, m => m.Input("x", 1, 2, 6, 7).Node("GlobalAveragePool", "x", "y").Node("GlobalMaxPool", "x", "a")
            .Node("GlobalLpPool", "x", "b").Output("a", "b")),
        ["MaxUnpool 11"] = (11, m => m.Input("x", 1, 2, 6, 8)
            .Node("MaxPool", "x", "a,i", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }))
            .Node("MaxUnpool", "a,i", "y", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }))),
        ["Upsample 7"] = (7, m => m.Input("x", 1, 2, 3, 4).Node("Upsample", "x", "y", ("scales", new float[] { 1, 1, 2, 3 }))),
        ["Upsample 9, linear"] = (9, m => m.Input("x", 1, 2, 3, 4).Floats("s", [4], 1, 1, 2, 1.5f)
            .Node("Upsample", "x,s", "y", ("mode", "linear"))),
        ["Resize 10"] = (10, m => m.Input("x", 1, 2, 3, 4).Floats("s", [4], 1, 1, 2, 2.5f).Node("Resize", "x,s", "y")),
        ["Resize 10, smaller"] = (10, m => m.Input("x", 1, 2, 7, 8).Floats("s", [4], 1, 1, 0.4f, 0.6f).Node("Resize", "x,s", "y")),
        ["Resize 11"] = (11, m => m.Input("x", 1, 2, 3, 4).Floats("r", [0]).Floats("s", [4], 1, 1, 2, 2.5f).Node(
            "Resize", "x,r,s", "y", ("mode", "linear"), ("coordinate_transformation_mode", "align_corners"))),
        ["Resize 11, sizes"] = (11, m => m.Input("x", 1, 2, 3, 4).Floats("r", [0]).Floats("s", [0]).List("z", 1, 2, 5, 7).Node(
            "Resize", "x,r,s,z", "y", ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"))),
        ["Resize 13, cubic"] = (13, m => m.Input("x", 1, 2, 5, 4).List("z", 1, 2, 9, 7).Node(
            "Resize", "x,,,z", "y", ("mode", "cubic"), ("coordinate_transformation_mode", "pytorch_half_pixel"), ("cubic_coeff_a", -0.5))),
        ["Resize 18, axes"] = (18, m => m.Input("x", 1, 2, 5, 4).List("z", 9, 7)
            .Node("Resize", "x,,,z", "y", ("axes", new[] { 2, 3 }), ("mode", "linear"))),
        ["Resize 18, not larger"] = (18, m => m.Input("x", 1, 2, 5, 4).List("z", 9, 7).Node(
            "Resize", "x,,,z", "y", ("axes", new[] { 2, 3 }), ("mode", "linear"), ("keep_aspect_ratio_policy", "not_larger"))),
        ["ReduceMean 7"] = (7, m => m.Input("x", 1, 2, 5, 4).Node("ReduceMean", "x", "y", ("axes", new[] { 2, 3 }), ("keepdims", 0))),
        ["ReduceMean 11, negative"] = (11, m => m.Input("x", 1, 2, 5, 4).Node("ReduceMean", "x", "y", ("axes", new[] { -1 }))),
        ["ReduceMean 18"] = (18, m => m.Input("x", 1, 2, 5, 4).List("a", 1, -1).Node("ReduceMean", "x,a", "y")),
        ["ReduceSum 13"] = (13, m => m.Input("x", 1, 2, 5, 4).List("a", 1, -1).Node("ReduceSum", "x,a", "y", ("keepdims", 0))),
        ["ReduceSum 13, all"] = (13, m => m.Input("x", 1, 2, 5, 4).Node("ReduceSum", "x", "y", ("keepdims", 0))),
        ["ReduceSum 13, nothing"] = (13, m => m.Input("x", 1, 2, 5, 4).Node("ReduceSum", "x", "y", ("noop_with_empty_axes", 1))),
        ["Other reductions 11"] = (11, m => m.Input("x", 1, 2, 5, 4).Node("Abs", "x", "p")
            .Node("ReduceMax", "x", "y", ("axes", new[] { 1 }))
            .Node("ReduceMin", "x", "a", ("axes", new[] { 1 })).Node("ReduceProd", "x", "b", ("axes", new[] { 1 }))
            .Node("ReduceL1", "x", "c", ("axes", new[] { 1 }))
            .Node("ReduceL2", "x", "d", ("axes", new[] { 1 })).Node("ReduceLogSum", "p", "e", ("axes", new[] { 1 }))
            .Node("ReduceLogSumExp", "x", "f", ("axes", new[] { 1 })).Node("ReduceSumSquare", "x", "g", ("axes", new[] { 1 }))
            .Output("a", "b", "c", "d", "e", "f", "g")),
        ["ReduceMax 11, of ones"] = (11, m => m.Input("x", 1, 2, 1, 1)
            .Node("ReduceMax", "x", "y", ("axes", new[] { 2, 3 }), ("keepdims", 0))),
        ["ArgMax 7"] = (7, m => m.Input("x", 1, 5, 4).Node("ArgMax", "x", "y", ("axis", 1))
            .Node("ArgMin", "x", "a", ("axis", 2), ("keepdims", 0)).Output("a")),
        ["ArgMax 12"] = (12, m => m.Input("x", 1, 5, 4).Node("ArgMax", "x", "y", ("axis", -1), ("select_last_index", 1))),
        ["Softmax 7"] = (7, m => m.Input("x", 1, 5, 4).Node("Softmax", "x", "y")),
        ["Softmax 7, last"] = (7, m => m.Input("x", 1, 5, 4).Node("Softmax", "x", "y", ("axis", 2))),
        ["Softmax 11, pixels"] = (11, m => m.Input("x", 1, 5, 1, 1).Node("Softmax", "x", "y")),
        ["Softmax 13"] = (13, m => m.Input("x", 1, 5, 4).Node("Softmax", "x", "y", ("axis", 1)).Node("LogSoftmax", "x", "a")
            .Node("Hardmax", "x", "b").Output("a", "b")),
        ["Gemm 7"] = (7, m => m.Input("x", 1, 5).Noise("w", 5, 3).Noise("c", 3).Node("Gemm", "x,w,c", "y")),
        ["Gemm 11, everything"] = (11, m => m.Input("x", 1, 5).Noise("w", 3, 5).Noise("c", 1, 1)
            .Node("Gemm", "x,w,c", "y", ("alpha", 0.5), ("beta", 2.0), ("transB", 1))),
        ["Gemm 11, without a sum"] = (11, m => m.Input("x", 1, 5).Noise("w", 3, 5).Node("Gemm", "x,w", "y", ("transB", 1))),
        ["MatMul 7"] = (7, m => m.Input("x", 1, 2, 5).Noise("w", 5, 3).Noise("v", 5).Node("MatMul", "x,w", "y").Node("MatMul", "x,v", "a")
            .Output("a")),
        ["BatchNormalization 7"] = (7, m => m.Input("x", 1, 3, 2, 2).Noise("s", 3).Noise("b", 3).Noise("m", 3).Floats("v", [3], 1, 2, 3)
            .Node("BatchNormalization", "x,s,b,m,v", "y", ("epsilon", 0.001), ("spatial", 1))),
        ["BatchNormalization 9"] = (9, m => m.Input("x", 1, 3, 2, 2).Noise("s", 3).Noise("b", 3).Noise("m", 3).Floats("v", [3], 1, 2, 3)
            .Node("BatchNormalization", "x,s,b,m,v", "y", ("momentum", 0.5))),
        ["BatchNormalization 15"] = (15, m => m.Input("x", 1, 3).Noise("s", 3).Noise("b", 3).Noise("m", 3).Floats("v", [3], 1, 2, 3)
            .Node("BatchNormalization", "x,s,b,m,v", "y")),
        ["InstanceNormalization 7"] = (7, m => m.Input("x", 1, 3, 2, 2).Noise("s", 3).Noise("b", 3)
            .Node("InstanceNormalization", "x,s,b", "y")),
        ["LayerNormalization 17"] = (17, m => m.Input("x", 1, 3, 4).Noise("s", 4).Noise("b", 4).Node("LayerNormalization", "x,s,b", "y")),
        ["LayerNormalization 17, two axes"] = (17, m => m.Input("x", 1, 3, 4).Noise("s", 3, 4)
            .Node("LayerNormalization", "x,s", "y", ("axis", 1), ("epsilon", 0.1))),
        ["GroupNormalization 18"] = (18, m => m.Input("x", 1, 6, 2, 2).Noise("s", 3).Noise("b", 3)
            .Node("GroupNormalization", "x,s,b", "y", ("num_groups", 3))),
        ["GroupNormalization 21"] = (21, m => m.Input("x", 1, 6, 2, 2).Noise("s", 6).Noise("b", 6)
            .Node("GroupNormalization", "x,s,b", "y", ("num_groups", 3))),
        ["LRN 7"] = (7, m => m.Input("x", 1, 6, 2, 2).Node("LRN", "x", "y", ("size", 3))),
        ["LpNormalization 7"] = (7, m => m.Input("x", 1, 6, 2).Node("LpNormalization", "x", "y", ("axis", 1))),
        ["MeanVarianceNormalization 9"] = (9, m => m.Input("x", 1, 3, 4, 5).Node("MeanVarianceNormalization", "x", "y")),
        ["Joins 7"] = (7, m => m.Input("x", 1, 3, 4, 5).Noise("c", 3, 1, 1).Node("Add", "x,c", "a").Node("Sub", "a,x", "b")
            .Node("Mul", "b,c", "d").Node("Div", "d,c", "y")),
        ["Pow 7"] = (7, m => m.Input("x", 1, 3).Floats("e", [], 2).Node("Pow", "x,e", "y")),
        ["Pow 12, integer"] = (12, m => m.Input("x", 1, 3).Integers("e", [], 3).Node("Pow", "x,e", "y")),
        ["Sum 8"] = (8, m => m.Input("x", 1, 3).Noise("a", 3).Noise("b", 1, 1).Node("Sum", "x,a,b", "y").Node("Mean", "x,a,b", "c")
            .Node("Max", "x,a,b", "d")
            .Node("Min", "x,a,b", "e").Node("Sum", "x", "f").Output("c", "d", "e", "f")),
        ["PRelu 9"] = (9, m => m.Input("x", 1, 3, 2, 2).Noise("s", 3, 1, 1).Node("PRelu", "x,s", "y")),
        ["Activations 7"] = (7, m => m.Input("x", 1, 9).Node("LeakyRelu", "x", "y").Node("Elu", "x", "a", ("alpha", 0.5))
            .Node("Selu", "x", "b")
            .Node("HardSigmoid", "x", "c").Node("Softplus", "x", "d").Node("Softsign", "x", "e").Node("Sigmoid", "x", "f")
            .Node("Tanh", "x", "g")
            .Output("a", "b", "c", "d", "e", "f", "g")),
        ["Activations 14"] = (14, m => m.Input("x", 1, 9).Node("HardSwish", "x", "y").Node("Celu", "x", "a", ("alpha", 0.5))
            .Node("ThresholdedRelu", "x", "b")
            .Node("Shrink", "x", "c").Node("Erf", "x", "d").Output("a", "b", "c", "d")),
        ["Activations 20"] = (20, m => m.Input("x", 1, 9).Node("Mish", "x", "y").Node("Gelu", "x", "a")
            .Node("Gelu", "x", "b", ("approximate", "tanh")).Output("a", "b")),
        ["Dropout 7"] = (7, m => m.Input("x", 1, 9).Node("Dropout", "x", "a", ("ratio", 0.5)).Node("Relu", "a", "y")),
        ["Dropout 13"] = (13, m => m.Input("x", 1, 9).Floats("r", [], 0.5f).Node("Dropout", "x,r", "a").Node("Relu", "a", "y")),
        ["Cast 9"] = (9, m => m.Input("x", 1, 9).Node("Cast", "x", "a", ("to", 11)).Node("Cast", "a", "b", ("to", 1))
            .Node("Relu", "b", "y")),
    };

    [Fact]
    public void Operators_of_ONNX_Runtime_become_standard_operators()
    {
        var builder = new ModelBuilder(13);
        builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        builder.Input("x", 1, 4, 5, 5).Noise("w", 4, 4, 3, 3).Noise("b", 4).Noise("e", 5)
            .Node("com.microsoft:FusedConv", "x,w,b", "p", ("activation", "LeakyRelu"), ("activation_params", new[] { 0.25f }),
            ("pads", Ones))
            .Node("com.microsoft:FusedConv", "p,w,b,x", "q", ("activation", "Relu"), ("pads", Ones))
            .Node("com.microsoft:Gelu", "q", "r").Node("com.microsoft:QuickGelu", "r", "s").Node("com.microsoft:BiasGelu", "s,e", "t")
            .Node("com.microsoft:FastGelu", "t", "u").Node("Flatten", "u", "f").Noise("v", 3, 100)
            .Node("com.microsoft:FusedGemm", "f,v", "y", ("transB", 1), ("activation", "LeakyRelu"), ("activation_alpha", 0.5)).Output("y");
        AgainstOnnxRuntime.Check(builder, "Conv LeakyRelu Conv Add Relu Gelu Swish Add Gelu Gelu Reshape Gemm LeakyRelu");
    }

    [Fact]
    public void Transposes_in_a_row_are_one_or_none()
    {
        ModelBuilder builder = new ModelBuilder(13).Input("x", 1, 3, 4, 5).Node("Transpose", "x", "a", ("perm", new[] { 0, 2, 3, 1 }))
            .Node("Transpose", "a", "b", ("perm", new[] { 0, 2, 3, 1 })).Node("Transpose", "b", "c", ("perm", new[] { 0, 2, 3, 1 }))
            .Node("Relu", "b", "y").Node("Relu", "c", "z").Output("y", "z");
        AgainstOnnxRuntime.Check(builder, "Transpose Relu Relu");
    }

    [Fact]
    public void Before_operator_set_7_an_axis_says_how_tensors_meet()
    {
        ModelBuilder builder = new ModelBuilder(6).Input("x", 1, 3, 4, 5).Noise("b", 3)
            .Node("Add", "x,b", "y", ("axis", 1), ("broadcast", 1))
            .Output("y");
        Assert.Equal([3, 1, 1], builder.Read().Nodes.Single().Inputs[1]!.Shape);
    }

    public static TheoryData<string> Cases => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Normal_form_computes_the_same(string name)
    {
        (int opset, Action<ModelBuilder> build) = Models[name];
        var builder = new ModelBuilder(opset);
        builder.Output("y");
        build(builder);
        AgainstOnnxRuntime.Check(builder);
    }

    [Fact]
    public void Every_operator_set_from_7_to_23_is_read()
    {
        foreach (int opset in Enumerable.Range(7, 17))
        {
            ModelBuilder builder = new ModelBuilder(opset).Input("x", 1, 3, 8, 8).Noise("w", 4, 3, 3, 3).Node("Conv", "x,w", "a")
                .Node("Relu", "a", "b")
                .Node("MaxPool", "b", "c", ("kernel_shape", new[] { 2, 2 })).Node("Flatten", "c", "y").Output("y");
            AgainstOnnxRuntime.Check(builder, "Conv Relu MaxPool Reshape");
        }
    }
}
