namespace Strata.Compiler.Graph;

/// <summary>
/// One axis of the window that a layer declares, for its description. A layer that crops has padding below 0. Of a transposed convolution,
/// these are the declared numbers; its operation computes with a convolution of stride 1.
/// </summary>
internal readonly record struct LayerWindow(WindowAxis Axis, int OutputPadding = 0);
