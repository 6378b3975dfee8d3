namespace Strata.Compiler.Kernels;

/// <summary>What the lanes of a convolution's accumulators are.</summary>
internal enum LaneUse
{
    /// <summary>One output of v samples: inputs are vectors, weights are broadcast.</summary>
    SampleLanes,

    /// <summary>v output channels of one pixel: weights are vectors, inputs are broadcast.</summary>
    ChannelLanes,

    /// <summary>
    /// v channels of one pixel, each with filters of its own: weights and inputs are vectors. Groups are blocks of channels.
    /// </summary>
    Depthwise,

    /// <summary>
    /// v channels of one pixel, which belong to several groups. A group has as many inputs as outputs. Weights and inputs are vectors, and
    /// shuffles give each lane the inputs of its group, one after the other. Groups of the kernel are blocks of channels.
    /// </summary>
    GroupsInLanes,

    /// <summary>v neighbours of one row: inputs are vectors at any column, weights are broadcast.</summary>
    RowLanes,
}
