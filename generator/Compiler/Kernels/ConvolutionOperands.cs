namespace Strata.Compiler.Kernels;

/// <summary>The loops of a convolution around its taps.</summary>
/// <param name="Channels">Output channels of a group, or blocks of them with channel lanes.</param>
/// <param name="Rows">Rows of outputs, before pooling.</param>
/// <param name="Columns">Columns of outputs, or vectors of them with row lanes; before pooling.</param>
/// <param name="InputChannels">Channels of a group that are summed over.</param>
/// <param name="Planes">Planes of outputs.</param>
internal readonly record struct ConvolutionExtents(int Channels, int Rows, int Columns, int InputChannels, int Groups = 1, int Planes = 1);

/// <summary>The addresses of a convolution's input.</summary>
/// <param name="Strides">The distances from one output row or column to the next.</param>
/// <param name="Channel">The address of a channel.</param>
/// <param name="Group">The distance from one group to the next.</param>
internal readonly record struct ConvolutionInput(Strides Strides, ChannelAddress Channel, int Group = 0);

/// <summary>The addresses of a convolution's weights.</summary>
/// <param name="Output">The address of the weights of an output channel.</param>
/// <param name="Input">The address of the weights of an input channel.</param>
/// <param name="Group">The address of the weights of a group.</param>
internal readonly record struct ConvolutionWeights(ChannelAddress Output, ChannelAddress Input, ChannelAddress Group = default);

/// <summary>The addresses of a convolution's operands.</summary>
/// <param name="Output">Strides of the output, after pooling.</param>
internal sealed record ConvolutionOperands(ConvolutionInput Input, ConvolutionWeights Weights, Strides Output);
