extension NameTable {
  /// Every naming that is read, the more specific ones first.
  static let all = [
    canonical, facebook, facebookIsotropic, timm, timmFeatures, huggingface, huggingfaceDINOv3,
    torchvision, openmmlab,
  ]

  /// The table for writing names in a naming.
  static func forWriting(_ naming: Naming, _ architecture: Architecture) -> NameTable {
    switch naming {
    case .canonical: canonical
    case .facebook: architecture.isIsotropic ? facebookIsotropic : facebook
    case .timm: timm
    case .huggingface: huggingface
    case .torchvision: torchvision
    case .openmmlab: openmmlab
    }
  }

  /// The canonical names, which need no translation.
  static let canonical = NameTable(
    .canonical, title: "canonical",
    """
    stem.conv.*                            stem.conv.*
    stem.conv1.*                           stem.conv1.*
    stem.conv2.*                           stem.conv2.*
    stem.norm.*                            stem.norm.*
    stages.{i}.downsample.norm.*           stages.{i}.downsample.norm.*
    stages.{i}.downsample.conv.*           stages.{i}.downsample.conv.*
    stages.{i}.blocks.{j}.depthwise.*      stages.{i}.blocks.{j}.depthwise.*
    stages.{i}.blocks.{j}.norm.*           stages.{i}.blocks.{j}.norm.*
    stages.{i}.blocks.{j}.expand.*         stages.{i}.blocks.{j}.expand.*
    stages.{i}.blocks.{j}.grn.*            stages.{i}.blocks.{j}.grn.*
    stages.{i}.blocks.{j}.project.*        stages.{i}.blocks.{j}.project.*
    stages.{i}.blocks.{j}.layer_scale      stages.{i}.blocks.{j}.layer_scale
    stages.{i}.output_norm.*               stages.{i}.output_norm.*
    head.norm.*                            head.norm.*
    head.pre_logits.*                      head.pre_logits.*
    head.classifier.*                      head.classifier.*
    """)

  /// `models/convnext.py` and `models/convnextv2.py`, and the backbones in `object_detection/` and
  /// `semantic_segmentation/`, which have `norm0` to `norm3` instead of `norm`.
  ///
  /// The alias rows are for files saved through transformers before 2025, which renamed every
  /// `gamma` and `beta` (transformers issue 29554). DINOv3 registers its final norm twice
  /// (`dinov3/models/convnext.py`), and so does EUPE.
  static let facebook = NameTable(
    .facebook, title: "facebook",
    """
    stem.conv.*                            downsample_layers.0.0.*
    stem.norm.*                            downsample_layers.0.1.*
    stages.{i}.downsample.norm.*           downsample_layers.{i}.0.*
    stages.{i}.downsample.conv.*           downsample_layers.{i}.1.*
    stages.{i}.blocks.{j}.depthwise.*      stages.{i}.{j}.dwconv.*
    stages.{i}.blocks.{j}.norm.*           stages.{i}.{j}.norm.*
    stages.{i}.blocks.{j}.expand.*         stages.{i}.{j}.pwconv1.*
    stages.{i}.blocks.{j}.grn.weight       stages.{i}.{j}.grn.gamma         1,1,1,*
    stages.{i}.blocks.{j}.grn.bias         stages.{i}.{j}.grn.beta          1,1,1,*
    stages.{i}.blocks.{j}.grn.weight       stages.{i}.{j}.grn.weight        1,1,1,*  alias
    stages.{i}.blocks.{j}.grn.bias         stages.{i}.{j}.grn.bias          1,1,1,*  alias
    stages.{i}.blocks.{j}.project.*        stages.{i}.{j}.pwconv2.*
    stages.{i}.blocks.{j}.layer_scale      stages.{i}.{j}.gamma
    stages.{i}.blocks.{j}.layer_scale      stages.{i}.{j}.weight            alias
    stages.{i}.output_norm.*               norm{i}.*
    head.norm.*                            norm.*
    head.norm.*                            norms.3.*                                 repeated
    head.classifier.*                      head.*
    """)

  /// `models/convnext_isotropic.py`.
  static let facebookIsotropic = NameTable(
    .facebook, title: "facebook isotropic",
    """
    stem.conv.*                            stem.*
    stages.{i}.blocks.{j}.depthwise.*        blocks.{j}.dwconv.*
    stages.{i}.blocks.{j}.norm.*             blocks.{j}.norm.*
    stages.{i}.blocks.{j}.expand.*           blocks.{j}.pwconv1.*
    stages.{i}.blocks.{j}.project.*          blocks.{j}.pwconv2.*
    stages.{i}.blocks.{j}.layer_scale        blocks.{j}.gamma
    stages.{i}.blocks.{j}.layer_scale        blocks.{j}.weight                alias
    head.norm.*                            norm.*
    head.classifier.*                      head.*
    """)

  /// `timm/models/convnext.py`, unchanged since release 0.5.4.
  static let timm = NameTable(
    .timm, title: "timm",
    """
    stem.conv.*                            stem.0.*
    stem.norm.*                            stem.1.*
    stem.conv1.*                           stem.0.*                                   overlap
    stem.conv2.*                           stem.1.*                                   overlap
    stem.norm.*                            stem.2.*                                   overlap
    stem.conv1.*                           stem.0.*                                   overlap-act
    stem.conv2.*                           stem.2.*                                   overlap-act
    stem.norm.*                            stem.3.*                                   overlap-act
    stages.{i}.downsample.norm.*           stages.{i}.downsample.0.*
    stages.{i}.downsample.conv.*           stages.{i}.downsample.1.*
    stages.{i}.blocks.{j}.depthwise.*      stages.{i}.blocks.{j}.conv_dw.*
    stages.{i}.blocks.{j}.norm.*           stages.{i}.blocks.{j}.norm.*
    stages.{i}.blocks.{j}.expand.*         stages.{i}.blocks.{j}.mlp.fc1.*
    stages.{i}.blocks.{j}.expand.weight    stages.{i}.blocks.{j}.mlp.fc1.weight  *,1,1  conv-mlp
    stages.{i}.blocks.{j}.grn.*            stages.{i}.blocks.{j}.mlp.grn.*
    stages.{i}.blocks.{j}.project.*        stages.{i}.blocks.{j}.mlp.fc2.*
    stages.{i}.blocks.{j}.project.weight   stages.{i}.blocks.{j}.mlp.fc2.weight  *,1,1  conv-mlp
    stages.{i}.blocks.{j}.layer_scale      stages.{i}.blocks.{j}.gamma
    stages.{i}.blocks.{j}.layer_scale      stages.{i}.blocks.{j}.weight               alias
    head.norm.*                            head.norm.*
    head.norm.*                            norm_pre.*                                 norm-first
    head.pre_logits.*                      head.pre_logits.fc.*
    head.pre_logits.weight                 head.pre_logits.fc.weight             *,1,1  unpooled
    head.classifier.*                      head.fc.*
    head.classifier.weight                 head.fc.weight                        *,1,1  unpooled
    """)

  /// `timm.create_model(..., features_only=True)`, which flattens the outermost modules.
  static let timmFeatures = NameTable(
    .timm, title: "timm features_only",
    """
    stem.conv.*                            stem_0.*
    stem.norm.*                            stem_1.*
    stem.conv1.*                           stem_0.*                                   overlap
    stem.conv2.*                           stem_1.*                                   overlap
    stem.norm.*                            stem_2.*                                   overlap
    stem.conv1.*                           stem_0.*                                   overlap-act
    stem.conv2.*                           stem_2.*                                   overlap-act
    stem.norm.*                            stem_3.*                                   overlap-act
    stages.{i}.downsample.norm.*           stages_{i}.downsample.0.*
    stages.{i}.downsample.conv.*           stages_{i}.downsample.1.*
    stages.{i}.blocks.{j}.depthwise.*      stages_{i}.blocks.{j}.conv_dw.*
    stages.{i}.blocks.{j}.norm.*           stages_{i}.blocks.{j}.norm.*
    stages.{i}.blocks.{j}.expand.*         stages_{i}.blocks.{j}.mlp.fc1.*
    stages.{i}.blocks.{j}.grn.*            stages_{i}.blocks.{j}.mlp.grn.*
    stages.{i}.blocks.{j}.project.*        stages_{i}.blocks.{j}.mlp.fc2.*
    stages.{i}.blocks.{j}.layer_scale      stages_{i}.blocks.{j}.gamma
    stages.{i}.blocks.{j}.layer_scale      stages_{i}.blocks.{j}.weight               alias
    """)

  static let transformersTitle = "huggingface"

  /// `ConvNextForImageClassification` and `ConvNextV2ForImageClassification` of transformers;
  /// `ConvNextModel` and `ConvNextBackbone` have the same names without the body's prefix.
  static let huggingface = NameTable(
    .huggingface, title: transformersTitle, bodyPrefixes: ["convnext.", "convnextv2.", ""],
    """
    stem.conv.*                            ~embeddings.patch_embeddings.*
    stem.norm.*                            ~embeddings.layernorm.*
    stages.{i}.downsample.norm.*           ~encoder.stages.{i}.downsampling_layer.0.*
    stages.{i}.downsample.conv.*           ~encoder.stages.{i}.downsampling_layer.1.*
    stages.{i}.blocks.{j}.depthwise.*      ~encoder.stages.{i}.layers.{j}.dwconv.*
    stages.{i}.blocks.{j}.norm.*           ~encoder.stages.{i}.layers.{j}.layernorm.*
    stages.{i}.blocks.{j}.expand.*         ~encoder.stages.{i}.layers.{j}.pwconv1.*
    stages.{i}.blocks.{j}.grn.weight       ~encoder.stages.{i}.layers.{j}.grn.weight  1,1,1,*
    stages.{i}.blocks.{j}.grn.bias         ~encoder.stages.{i}.layers.{j}.grn.bias    1,1,1,*
    stages.{i}.blocks.{j}.grn.weight       ~encoder.stages.{i}.layers.{j}.grn.gamma   alias
    stages.{i}.blocks.{j}.grn.bias         ~encoder.stages.{i}.layers.{j}.grn.beta    alias
    stages.{i}.blocks.{j}.project.*        ~encoder.stages.{i}.layers.{j}.pwconv2.*
    stages.{i}.blocks.{j}.layer_scale      ~encoder.stages.{i}.layers.{j}.layer_scale_parameter
    stages.{i}.output_norm.*               ~hidden_states_norms.stage{i+1}.*
    head.norm.*                            ~layernorm.*
    head.classifier.*                      classifier.*
    """)

  /// `DINOv3ConvNextModel` of transformers. Releases from 5.0 on have `model.` before the stages;
  /// the norm has it too if another program's `model.` holds a model of an earlier release.
  static let huggingfaceDINOv3 = NameTable(
    .huggingface, title: "huggingface dinov3_convnext", bodyPrefixes: ["model.", ""],
    """
    stem.conv.*                            ~stages.0.downsample_layers.0.*
    stem.norm.*                            ~stages.0.downsample_layers.1.*
    stages.{i}.downsample.norm.*           ~stages.{i}.downsample_layers.0.*
    stages.{i}.downsample.conv.*           ~stages.{i}.downsample_layers.1.*
    stages.{i}.blocks.{j}.depthwise.*      ~stages.{i}.layers.{j}.depthwise_conv.*
    stages.{i}.blocks.{j}.norm.*           ~stages.{i}.layers.{j}.layer_norm.*
    stages.{i}.blocks.{j}.expand.*         ~stages.{i}.layers.{j}.pointwise_conv1.*
    stages.{i}.blocks.{j}.project.*        ~stages.{i}.layers.{j}.pointwise_conv2.*
    stages.{i}.blocks.{j}.layer_scale      ~stages.{i}.layers.{j}.gamma
    head.norm.*                            layer_norm.*
    head.norm.*                            ~layer_norm.*                            alias
    """)

  /// `torchvision/models/convnext.py`. Detectors use `features` alone, and then its name is not in
  /// theirs.
  static let torchvision = NameTable(
    .torchvision, title: "torchvision", bodyPrefixes: ["features.", ""],
    """
    stem.conv.*                            ~0.0.*
    stem.norm.*                            ~0.1.*
    stages.{i}.downsample.norm.*           ~{2i}.0.*
    stages.{i}.downsample.conv.*           ~{2i}.1.*
    stages.{i}.blocks.{j}.depthwise.*      ~{2i+1}.{j}.block.0.*
    stages.{i}.blocks.{j}.norm.*           ~{2i+1}.{j}.block.2.*
    stages.{i}.blocks.{j}.expand.*         ~{2i+1}.{j}.block.3.*
    stages.{i}.blocks.{j}.project.*        ~{2i+1}.{j}.block.5.*
    stages.{i}.blocks.{j}.layer_scale      ~{2i+1}.{j}.layer_scale  *,1,1
    head.norm.*                            classifier.0.*
    head.classifier.*                      classifier.2.*
    """)

  /// `mmpretrain/models/backbones/convnext.py`, which mmdetection and mmsegmentation use too.
  ///
  /// A classifier's final norm is `norm3`; dense tasks have a norm for each stage they use. With
  /// `linear_pw_conv=False` pointwise layers are convolutions.
  static let openmmlab = NameTable(
    .openmmlab, title: "openmmlab", bodyPrefixes: ["backbone.", ""],
    """
    stem.conv.*                            ~downsample_layers.0.0.*
    stem.norm.*                            ~downsample_layers.0.1.*
    stages.{i}.downsample.norm.*           ~downsample_layers.{i}.0.*
    stages.{i}.downsample.conv.*           ~downsample_layers.{i}.1.*
    stages.{i}.blocks.{j}.depthwise.*      ~stages.{i}.{j}.depthwise_conv.*
    stages.{i}.blocks.{j}.norm.*           ~stages.{i}.{j}.norm.*
    stages.{i}.blocks.{j}.expand.*         ~stages.{i}.{j}.pointwise_conv1.*
    stages.{i}.blocks.{j}.expand.weight    ~stages.{i}.{j}.pointwise_conv1.weight  *,1,1  conv-mlp
    stages.{i}.blocks.{j}.grn.weight       ~stages.{i}.{j}.grn.gamma
    stages.{i}.blocks.{j}.grn.bias         ~stages.{i}.{j}.grn.beta
    stages.{i}.blocks.{j}.project.*        ~stages.{i}.{j}.pointwise_conv2.*
    stages.{i}.blocks.{j}.project.weight   ~stages.{i}.{j}.pointwise_conv2.weight  *,1,1  conv-mlp
    stages.{i}.blocks.{j}.layer_scale      ~stages.{i}.{j}.gamma
    stages.{i}.blocks.{j}.layer_scale      ~stages.{i}.{j}.weight            alias
    head.norm.*                            ~norm3.*
    stages.{i}.output_norm.*               ~norm{i}.*
    head.classifier.*                      head.fc.*
    """)
}
