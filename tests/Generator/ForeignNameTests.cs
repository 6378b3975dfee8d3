using System;
using System.Linq;
using System.Threading.Tasks;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Names of layers, functions and losses in PyTorch (torch.nn, torch.nn.functional), Keras, ONNX and TensorFlow (tf.nn), and what people
/// make of them: each is sent to the layer that computes the same, or to none.
/// </summary>
public sealed class ForeignNameTests
{
    /// <summary>What is meant, and the names for it. Those without a layer are in <see cref="None"/>.</summary>
    private static readonly (string Kind, string Names)[] Known =
    [
        ("Conv1D", "Conv1d conv1d Convolution1D Conv_1D DepthwiseConv1D SeparableConv1D SeparableConvolution1D"),
        ("Conv2D", "Conv2d conv2d Convolution2D conv_2d Conv Convolution Conv2DLayer ConvLayer DepthwiseConv2D depthwise_conv2d DWConv2D "
            + "SeparableConv2D separable_conv2d PointwiseConv2D DilatedConv2D AtrousConv2D atrous_conv2d GroupedConv2D LazyConv2d"),
        ("Conv3D", "Conv3d conv3d Convolution3D"),
        ("ConvTranspose1D", "ConvTranspose1d conv_transpose1d Conv1DTranspose conv1d_transpose Deconv1D"),
        ("ConvTranspose2D", "ConvTranspose2d conv_transpose2d Conv2DTranspose conv2d_transpose ConvTranspose Deconv2D Deconvolution2D "
            + "Deconvolution TransposedConv2D TransposeConv2D Conv2DTransposed UpConv2D"),
        ("ConvTranspose3D", "ConvTranspose3d conv_transpose3d Conv3DTranspose Deconv3D"),
        ("Dense", "Linear linear FullyConnected FullyConnectedLayer FC Gemm InnerProduct DenseLayer LinearLayer LazyLinear dense"),
        ("MaxPool1D", "MaxPool1d max_pool1d MaxPooling1D max_pool_1d MaxPooling1d"),
        ("MaxPool2D", "MaxPool2d max_pool2d MaxPooling2D MaxPool Maxpool2D MaxPooling MaximumPooling2D max_pool_2d MaximumPool2D"),
        ("MaxPool3D", "MaxPool3d max_pool3d MaxPooling3D"),
        ("AveragePool1D", "AvgPool1d avg_pool1d AveragePooling1D AvgPool1D"),
        ("AveragePool2D", "AvgPool2d avg_pool2d AveragePooling2D AveragePool AvgPool AvgPool2D AvgPooling2D MeanPool2D MeanPooling2D "
            + "avg_pool AveragePooling"),
        ("AveragePool3D", "AvgPool3d avg_pool3d AveragePooling3D"),
        ("L2Pool1D", "LPPool1d lp_pool1d"), ("L2Pool2D", "LPPool2d lp_pool2d LpPool"), ("L2Pool3D", "LPPool3d"),
        ("AdaptiveAveragePool1D", "AdaptiveAvgPool1d adaptive_avg_pool1d AdaptiveAveragePooling1D"),
        ("AdaptiveAveragePool2D", "AdaptiveAvgPool2d adaptive_avg_pool2d AdaptiveAveragePooling2D AdaptiveAvgPool2D"),
        ("AdaptiveAveragePool3D", "AdaptiveAvgPool3d adaptive_avg_pool3d AdaptiveAvgPool3D"),
        ("AdaptiveMaxPool1D", "AdaptiveMaxPool1d adaptive_max_pool1d"), ("AdaptiveMaxPool2D", "AdaptiveMaxPool2d AdaptiveMaxPooling2D"),
        ("AdaptiveMaxPool3D", "AdaptiveMaxPool3d adaptive_max_pool3d"),
        ("GlobalAveragePool1D", "GlobalAveragePooling1D GlobalAvgPool1D GlobalAvgPooling1D"),
        ("GlobalAveragePool2D", "GlobalAveragePooling2D GlobalAvgPool2D GlobalAvgPool2d GlobalAvgPooling2D GlobalAveragePool GlobalAvgPool "
            + "GAP GAP2D GlobalMeanPool2D GlobalAveragePooling"),
        ("GlobalAveragePool3D", "GlobalAveragePooling3D GlobalAvgPool3D"),
        ("GlobalMaxPool1D", "GlobalMaxPooling1D"),
        ("GlobalMaxPool2D", "GlobalMaxPooling2D GlobalMaxPool2d GlobalMaxPool GlobalMaxPooling GMP GlobalMaximumPool2D"),
        ("GlobalMaxPool3D", "GlobalMaxPooling3D"),
        ("MaxUnpool1D", "MaxUnpool1d max_unpool1d"), ("MaxUnpool2D", "MaxUnpool2d MaxUnpool MaxUnpooling2D max_unpool2d"),
        ("MaxUnpool3D", "MaxUnpool3d"),
        ("BatchNorm", "BatchNorm1d BatchNorm2d BatchNorm3d BatchNormalization BatchNorm2D batch_norm batch_normalization BN SyncBatchNorm "
            + "BatchNormalisation LazyBatchNorm2d BatchNorm1D fused_batch_norm"),
        ("LayerNorm", "LayerNormalization layer_norm LayerNormalisation LayerNorm2d"),
        ("GroupNorm", "GroupNormalization group_norm GroupNormalisation"),
        ("InstanceNorm", "InstanceNorm1d InstanceNorm2d InstanceNorm3d InstanceNormalization instance_norm InstanceNorm2D"),
        ("LocalResponseNorm", "local_response_norm LRN CrossMapLRN2d local_response_normalization LocalResponseNormalization"),
        ("Dropout", "dropout DropOut"),
        ("SpatialDropout", "Dropout1d Dropout2d Dropout3d dropout2d SpatialDropout1D SpatialDropout2D SpatialDropout3D Dropout2D"),
        ("StochasticDepth", "DropPath drop_path stochastic_depth"),
        ("Flatten", "flatten ravel"),
        ("Reshape", "Unflatten View reshape Squeeze Unsqueeze squeeze unsqueeze ExpandDims expand_dims"),
        ("Pad1D", "ZeroPad1d ReflectionPad1d ReplicationPad1d CircularPad1d ZeroPadding1D ConstantPad1d"),
        ("Pad2D", "ZeroPad2d ReflectionPad2d ReplicationPad2d CircularPad2d ZeroPadding2D ConstantPad2d Pad MirrorPad pad ReflectionPad2D "
            + "Padding2D ZeroPad2D"),
        ("Pad3D", "ZeroPad3d ReflectionPad3d ReplicationPad3d ZeroPadding3D ConstantPad3d"),
        ("Upsample1D", "UpSampling1D"),
        ("Upsample2D", "Upsample UpSampling2D UpsamplingNearest2d UpsamplingBilinear2d Resize interpolate Interpolate upsample Resizing "
            + "Upsampling2D resize_bilinear upsample_nearest UpSample2D"),
        ("Upsample3D", "UpSampling3D Upsampling3D"),
        ("PixelShuffle", "pixel_shuffle DepthToSpace depth_to_space"), ("PixelUnshuffle", "pixel_unshuffle SpaceToDepth space_to_depth"),
        ("ChannelShuffle", "channel_shuffle"),
        ("Slice", "narrow slice"), ("Split", "chunk split"), ("Crop1D", "Cropping1D"), ("Crop2D", "Cropping2D CenterCrop"),
        ("Crop3D", "Cropping3D"),
        ("Transpose", "Permute permute transpose movedim swapaxes"),
        ("ReLU", "Relu relu RELU"), ("ReLU6", "Relu6 relu6"), ("LeakyReLU", "LeakyRelu leaky_relu LReLU LeakyRELU leakyrelu Leaky_ReLU"),
        ("PReLU", "PRelu prelu Prelu"), ("ELU", "Elu elu"), ("SELU", "Selu selu"), ("CELU", "Celu celu"), ("GELU", "Gelu gelu"),
        ("SiLU", "silu Swish swish Silu"), ("Sigmoid", "sigmoid Logistic"), ("LogSigmoid", "log_sigmoid logsigmoid"), ("Tanh", "tanh TanH"),
        ("Hardtanh", "HardTanh hardtanh hard_tanh"), ("Softplus", "SoftPlus softplus"), ("Softsign", "softsign SoftSign"),
        ("Softmax", "softmax Softmax2d SoftMax"), ("LogSoftmax", "log_softmax Log_softmax LogSoftMax"), ("Mish", "mish"),
        ("Tanhshrink", "tanhshrink tanh_shrink TanhShrink"), ("Hardshrink", "hardshrink hard_shrink HardShrink"),
        ("Softshrink", "softshrink soft_shrink SoftShrink"), ("Threshold", "threshold ThresholdedReLU ThresholdedRelu"),
        ("HardSigmoid", "Hardsigmoid hardsigmoid hard_sigmoid"),
        ("HardSwish", "Hardswish hardswish hard_swish hard_silu HardSiLU"),
        ("Exp", "exp Exponential exponential"), ("Log", "log"), ("Sqrt", "sqrt"), ("Abs", "abs"),
        ("Clip", "clamp Clamp clip clip_by_value"),
        ("Pow", "pow Square square Reciprocal reciprocal Rsqrt rsqrt power Power"), ("Affine", "Neg neg Rescaling"),
        ("Scale", "LayerScale"),
        ("Add", "add Plus AddLayer"), ("Subtract", "Sub sub subtract Minus"), ("Multiply", "Mul mul multiply Times"),
        ("Divide", "Div div divide"), ("Concat", "Concatenate cat concat concatenate"), ("Maximum", "maximum"), ("Minimum", "minimum"),
        ("Mean", "ReduceMean reduce_mean mean"), ("Sum", "ReduceSum reduce_sum sum"), ("Max", "ReduceMax reduce_max amax max"),
        ("Gather", "GatherElements take_along_axis gather"), ("TopK", "top_k topk"), ("GridSample", "grid_sample"),
        ("Embedding", "embedding embedding_lookup"),
        ("Normalize", "Normalization"), ("Input", "InputLayer"),
        ("CrossEntropy", "CrossEntropyLoss cross_entropy SparseCategoricalCrossentropy CategoricalCrossentropy SoftmaxCrossEntropy "
            + "SoftmaxCrossEntropyLoss softmax_cross_entropy_with_logits sparse_softmax_cross_entropy_with_logits NLLLoss nll_loss "
            + "NegativeLogLikelihoodLoss SoftmaxWithLoss categorical_crossentropy sparse_categorical_crossentropy CELoss"),
        ("BinaryCrossEntropy", "BCELoss BCEWithLogitsLoss BinaryCrossentropy binary_crossentropy sigmoid_cross_entropy_with_logits BCE "
            + "SigmoidCrossEntropy binary_cross_entropy binary_cross_entropy_with_logits BinaryCrossEntropyLoss"),
        ("MeanSquaredError", "MSELoss MSE mse mse_loss mean_squared_error MeanSquareError"),
        ("MeanAbsoluteError", "L1Loss l1_loss MAE mae mean_absolute_error MAELoss"), ("SmoothL1", "SmoothL1Loss smooth_l1_loss"),
        ("Huber", "HuberLoss huber_loss huber"), ("Hinge", "MultiMarginLoss multi_margin_loss HingeLoss"),
    ];

    /// <summary>Names for which there is nothing.</summary>
    private const string None = """
        AdaptiveLogSoftmaxWithLoss AlphaDropout alpha_dropout FeatureAlphaDropout feature_alpha_dropout Bilinear bilinear CTCLoss ctc_loss
        CosineEmbeddingLoss CosineSimilarity cosine_similarity EmbeddingBag Fold Unfold fold unfold
        FractionalMaxPool2d FractionalMaxPool3d fractional_max_pool2d GLU glu GRUCell LSTMCell RNN RNNBase RNNCell SimpleRNN
        GaussianNLLLoss HingeEmbeddingLoss KLDivLoss kl_div MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss
        AdditiveAttention GroupQueryAttention PairwiseDistance
        PoissonNLLLoss RReLU rrelu SoftMarginLoss Softmin softmin Transformer TransformerEncoder TransformerDecoder
        TransformerEncoderLayer TripletMarginLoss RMSNorm RMSNormalization rms_norm Identity ModuleList affine_grid
        gumbel_softmax one_hot pdist pairwise_distance normalize
        Average GaussianDropout GaussianNoise ActivityRegularization Masking RepeatVector TimeDistributed Bidirectional ConvLSTM1D
        ConvLSTM2D LocallyConnected1D LocallyConnected2D UnitNormalization SpectralNormalization EinsumDense Lambda Activation Maxout
        RandomFlip RandomCrop RandomRotation RandomZoom RandomContrast CategoryEncoding Discretization Hashing StringLookup
        KLDivergence Poisson LogCosh CosineDistance MeanSquaredLogarithmicError MeanAbsolutePercentageError SquaredHinge Dice DiceLoss
        CategoricalHinge FocalLoss BinaryFocalCrossentropy CategoricalFocalCrossentropy Tversky
        Acos Acosh Asin Asinh Atan Atanh Bernoulli BitShift Cast Compress Constant ConstantOfShape ConvInteger
        Cosh CumSum DequantizeLinear Det Einsum Expand EyeLike GatherND GlobalLpPool
        Hardmax If IsInf IsNaN Loop LpNormalization MatMulInteger MaxRoiPool Mod Multinomial NonMaxSuppression NonZero
        OneHot QLinearConv QuantizeLinear RandomNormal RandomUniform Range ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMin
        ReduceProd ReduceSumSquare ReverseSequence RoiAlign Scan Scatter ScatterElements ScatterND Shape Shrink Sinh Size
        StringNormalizer Tan TfIdfVectorizer Tile Trilu Unique
        MeanVarianceNormalization SequenceAt STFT Stack stack
        crelu dilation2d erosion2d fractional_avg_pool in_top_k l2_loss l2_normalize moments
        nce_loss weighted_moments with_space_to_batch zero_fraction log_poisson_loss bias_add collapse_repeated
        """;

    public static TheoryData<string, string> AllKnown => new(Known.SelectMany(
        group => group.Names.Split(' '), (group, name) => new TheoryDataRow<string, string>(name, group.Kind)));

    public static TheoryData<string> AllWithout => new(None.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [MemberData(nameof(AllKnown))]
    public void A_name_of_another_library_leads_to_the_layer_that_computes_the_same(string name, string kind) =>
        Assert.Equal(kind, ForeignNames.Meant(name, []).Kind);

    [Theory]
    [MemberData(nameof(AllWithout))]
    public void A_name_without_a_layer_of_its_kind_leads_to_none(string name)
    {
        (string? kind, string remedy, _) = ForeignNames.Meant(name, []);
        Assert.Null(kind);
        Assert.DoesNotContain("The nearest is", remedy, StringComparison.Ordinal);
    }

    /// <summary>A slip of the pen, but no other word: the words say what is computed.</summary>
    [Theory]
    [InlineData("Dence", "Dense")]
    [InlineData("Conv2", "Conv2D")]
    [InlineData("MaxPol2D", "MaxPool2D")]
    [InlineData("GlobalAveragPool2D", "GlobalAveragePool2D")]
    [InlineData("CrossEntrpy", "CrossEntropy")]
    [InlineData("Sigmod", "Sigmoid")]
    [InlineData("MinPool2D", null)]
    [InlineData("SumPool2D", null)]
    [InlineData("L1Pool2D", null)]
    [InlineData("MaxPool4D", null)]
    [InlineData("LogTanh", null)]
    [InlineData("HardGELU", null)]
    [InlineData("AdaptiveMinPool2D", null)]
    public void A_slip_of_the_pen_leads_to_what_was_meant_but_another_word_does_not(string name, string? kind) =>
        Assert.Equal(kind, ForeignNames.Meant(name, []).Kind);

    /// <summary>No name of a layer is near enough to another one that a change of its case or its underscores leads elsewhere.</summary>
    [Fact]
    public void The_own_names_lead_to_themselves_in_any_case() => Assert.All(
        OperatorSet.BuiltIn.All.Select(known => known.Kind), kind =>
        {
            Assert.Equal(kind, ForeignNames.Meant(kind.ToUpperInvariant(), []).Kind);
            Assert.Equal(kind, ForeignNames.Meant(kind + "Layer", []).Kind);
        });

    [Theory]
    [InlineData("LeakyReLU({|STRATA074:Slope = 0.1|})", "[LeakyReLU] has no argument 'Slope'. This one has no name: write "
        + "[LeakyReLU(0.1)].")]
    [InlineData("ELU({|STRATA074:Alpha = 2|}, Name = \"e\")", "[ELU] has no argument 'Alpha'. This one has no name: write "
        + "[ELU(2, Name = \"e\")].")]
    [InlineData("HardSigmoid({|STRATA074:Beta = 0.4|})", "[HardSigmoid] has no argument 'Beta'. This one has no name: write "
        + "[HardSigmoid(beta: 0.4)].")]
    [InlineData("Dropout({|STRATA074:Rate = 0.3|})", "[Dropout] has no argument 'Rate'. This one has no name: write [Dropout(0.3)].")]
    [InlineData("Conv2D(8, {|STRATA074:Kernel = 3|}, Padding = 1)", "[Conv2D] has no argument 'Kernel'. This one has no name: write "
        + "[Conv2D(8, 3, Padding = 1)].")]
    [InlineData("Conv2D({|STRATA074:Kernel = 3|})", "[Conv2D] has no argument 'Kernel'. This one has no name: write "
        + "[Conv2D(filters, 3)].")]
    public Task What_is_to_be_written_instead_has_the_values_that_are_there(string layer, string message) => new Harness().ReportsAsync(
        $"using Strata;\n[Network, Input(1, 28, 28)]\n[{layer}]\npartial class Net;", message);
}
