public import ArgumentParser
public import ConvNeXtSchema
public import Convert
public import Inspect
public import Quantize

extension Naming: ExpressibleByArgument {}
extension OutputContainer: ExpressibleByArgument {}
extension TensorListing.Order: ExpressibleByArgument {}
extension Recipe.BuiltIn: ExpressibleByArgument {}
extension OverflowPolicy: ExpressibleByArgument {}
