namespace Strata.Zoo;

/// <summary>
/// CRNN (Shi, Bai and Yao 2015, table 1) with the keys of crnn.pytorch, for a line of text of 1×32×100 or another width: the scores of
/// each class at each step of about four pixels. Softmax and <c>[Transpose(2, 1)]</c> make of them what <c>CtcDecoder</c> reads.
/// 8,331,301 parameters for 37 classes, the first of which is the blank.
/// </summary>
[Conv2D(64, 3, Padding = 1, Name = "cnn.conv0"), ReLU, MaxPool2D(2)]
[Conv2D(128, 3, Padding = 1, Name = "cnn.conv1"), ReLU, MaxPool2D(2)]
[Conv2D(256, 3, Padding = 1, Name = "cnn.conv2"), BatchNorm(Name = "cnn.batchnorm2"), ReLU]
[Conv2D(256, 3, Padding = 1, Name = "cnn.conv3"), ReLU, MaxPool2D(2, StrideHeight = 2, StrideWidth = 1, PaddingWidth = 1)]
[Conv2D(512, 3, Padding = 1, Name = "cnn.conv4"), BatchNorm(Name = "cnn.batchnorm4"), ReLU]
[Conv2D(512, 3, Padding = 1, Name = "cnn.conv5"), ReLU, MaxPool2D(2, StrideHeight = 2, StrideWidth = 1, PaddingWidth = 1)]
[Conv2D(512, 2, Name = "cnn.conv6"), BatchNorm(Name = "cnn.batchnorm6"), ReLU, Reshape(512, -1)]
[LSTM(Hidden, Bidirectional = true, Name = "rnn.0.rnn"), Dense(Hidden, OverChannels = true, Name = "rnn.0.embedding")]
[LSTM(Hidden, Bidirectional = true, Name = "rnn.1.rnn"), Dense(Classes, OverChannels = true, Name = "rnn.1.embedding")]
public sealed class CrnnAttribute : BlockAttribute
{
    private const int Classes = 37, Hidden = 256;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes with the blank, at least 1.</param>
    /// <param name="hidden">Features of the states of each direction, at least 1.</param>
    public CrnnAttribute(int classes = Classes, int hidden = Hidden) { }
}
