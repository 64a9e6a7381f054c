variable "name" {}
resource "terraform_data" "subnet" {
  for_each = toset(["a", "b"])
  input    = "${var.name}/${each.key}"
}
output "subnets" {
  value = [for subnet in terraform_data.subnet : subnet.output]
}
